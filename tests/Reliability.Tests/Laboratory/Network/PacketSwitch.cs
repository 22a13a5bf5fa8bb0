using System.Collections.Concurrent;

namespace Fleet.Reliability.Tests.Laboratory.Network;

/// <summary>
/// Carries packets between the devices of a laboratory, each to the device that has its address, and loses or holds back what a fault says: a network whose every link can be cut
/// alone, and in one direction alone. Addresses are told by their last byte.
/// </summary>
internal sealed class PacketSwitch(int seed)
{
    private readonly ConcurrentDictionary<byte, TunDevice> devices = [];
    private readonly ConcurrentDictionary<(byte From, byte To), bool> cuts = [];
    private readonly ConcurrentDictionary<byte, double> losses = [];
    private readonly ConcurrentDictionary<byte, TimeSpan> delays = [];
    private readonly Random chance = new(seed);

    public void Connect(TunDevice device, params ReadOnlySpan<byte> addresses)
    {
        foreach (var address in addresses)
            devices[address] = device;
        new Thread(() => Carry(device)) { IsBackground = true, Name = device.Name }.Start();
    }

    public void Cut(byte from, byte to) => cuts[(from, to)] = true;

    public void Mend(byte from, byte to) => cuts.TryRemove((from, to), out _);

    /// <summary>Of what this address sends and is sent; 0 to 1.</summary>
    public void Lose(byte address, double part) => losses[address] = part;

    /// <summary>Each packet from or to this address is late by this.</summary>
    public void HoldBack(byte address, TimeSpan by) => delays[address] = by;

    private void Carry(TunDevice device)
    {
        var packet = new byte[TunDevice.LargestPacket + 100];
        while (device.Read(packet) is > 0 and var length)
        {
            // IPv4 only: what the kernel tells its neighbors over IPv6 is for nobody here. Source and target are at 12 and 16.
            if (length < 20 || packet[0] >> 4 != 4)
                continue;
            var (from, to) = (packet[15], packet[19]);
            if (cuts.ContainsKey((from, to)) || IsLost(from) || IsLost(to) || !devices.TryGetValue(to, out var target))
                continue;
            var late = delays.GetValueOrDefault(from) + delays.GetValueOrDefault(to);
            if (late > TimeSpan.Zero)
                _ = WriteLaterAsync(target, packet.AsSpan(0, length).ToArray(), late);
            else
                target.Write(packet, length);
        }
    }

    private bool IsLost(byte address)
    {
        if (losses.GetValueOrDefault(address) is not (> 0 and var part))
            return false;
        lock (chance)
            return chance.NextDouble() < part;
    }

    private static async Task WriteLaterAsync(TunDevice target, byte[] packet, TimeSpan late)
    {
        await Task.Delay(late, TimeProvider.System);
        target.Write(packet, packet.Length);
    }
}
