using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fleet.Testing.Processes;

namespace Fleet.Reliability.Tests.Laboratory.Network;

/// <summary>
/// A network of its own between replicas, each in a namespace, and servers, each under an address of its own: all of it packets that this process carries. The kernels that CI has
/// know no loss and delay (no netem), hence no bridge.
/// </summary>
internal sealed class LaboratoryNetwork : IAsyncDisposable
{
    private static readonly string[] Servers = [FaultPlan.Management, FaultPlan.Postgres, FaultPlan.Clusters];

    private readonly Dictionary<string, byte> addresses = [];
    private readonly Dictionary<string, ReplicaNamespace> namespaces = [];
    private readonly List<Forwarder> forwarders = [];
    private readonly List<TunDevice> devices = [];
    private readonly string prefix = FreePrefix();

    private LaboratoryNetwork(int seed) => Switch = new(seed);

    public PacketSwitch Switch { get; }

    /// <summary>Null where namespaces and devices may be made; else why not.</summary>
    public static async Task<string?> MissingAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return "not root, who alone may make network namespaces";
        if (!File.Exists(TunDevice.Device))
            return $"there is no {TunDevice.Device}";
        try
        {
            if (await ProcessOutput.RunAsync("unshare", ["-n", "-m", "--", "ip", "link", "set", "lo", "up"]) is { ExitCode: not 0 } failed)
                return $"a network namespace cannot be made: {failed.Error.Trim()}";
            TunDevice.Open().Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return e.Message;
        }
    }

    /// <param name="seed">Of what is lost.</param>
    /// <param name="replicas">Names.</param>
    /// <param name="ports">Of the servers on loopback, by the names in <see cref="FaultPlan"/>.</param>
    /// <param name="diskOf">The folder that is a replica's small disk.</param>
    public static async Task<LaboratoryNetwork> StartAsync(int seed, IReadOnlyList<string> replicas, IReadOnlyDictionary<string, int> ports, Func<string, string> diskOf)
    {
        var network = new LaboratoryNetwork(seed);
        try
        {
            await network.ConnectServersAsync(ports);
            for (var i = 0; i < replicas.Count; i++)
                await network.ConnectReplicaAsync(replicas[i], (byte)(2 + i), diskOf(replicas[i]));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of a replica or a server, as replicas reach it.</summary>
    public string AddressOf(string name) => $"{prefix}.{addresses[name]}";

    public ReplicaNamespace NamespaceOf(string replica) => namespaces[replica];

    public byte this[string name] => addresses[name];

    public async ValueTask DisposeAsync()
    {
        foreach (var forwarder in forwarders)
            forwarder.Dispose();
        foreach (var one in namespaces.Values)
            await one.DisposeAsync();
        // The first is here, the others went with their namespaces; that ends who reads from them.
        if (devices.Count > 0)
            await ProcessOutput.RunAsync("ip", ["link", "delete", devices[0].Name]);
        foreach (var device in devices)
            device.Dispose();
    }

    private async Task ConnectServersAsync(IReadOnlyDictionary<string, int> ports)
    {
        var device = TunDevice.Open();
        devices.Add(device);
        for (var i = 0; i < Servers.Length; i++)
        {
            addresses[Servers[i]] = (byte)(100 + i);
            (await ProcessOutput.RunAsync("ip", ["addr", "add", $"{AddressOf(Servers[i])}/24", "dev", device.Name])).MustSucceed();
        }
        (await ProcessOutput.RunAsync("ip", ["link", "set", device.Name, "mtu", $"{TunDevice.LargestPacket}", "up"])).MustSucceed();
        foreach (var server in Servers)
            forwarders.Add(new(IPAddress.Parse(AddressOf(server)), ports[server]));
        Switch.Connect(device, [.. Servers.Select(s => addresses[s])]);
    }

    private async Task ConnectReplicaAsync(string replica, byte address, string disk)
    {
        var device = TunDevice.Open();
        devices.Add(device);
        addresses[replica] = address;
        namespaces[replica] = await ReplicaNamespace.StartAsync(replica, device, $"{AddressOf(replica)}/24", disk);
        Switch.Connect(device, address);
    }

    /// <summary>Two laboratories may run beside each other.</summary>
    private static string FreePrefix()
    {
        var taken = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .Where(a => a.AddressFamily == AddressFamily.InterNetwork).Select(a => string.Join('.', a.GetAddressBytes().Take(3))).ToHashSet();
        return Enumerable.Range(Environment.ProcessId % 200, 250).Select(n => $"10.213.{n % 250}").First(p => !taken.Contains(p));
    }
}
