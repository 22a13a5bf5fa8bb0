using System.Net;
using System.Net.Sockets;
using Fleet.Control.Ownership;

namespace Fleet.Control.Tests.Ownership;

public sealed class BeaconTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_hears_nothing_until_the_end_and_then_nobody_is_there()
    {
        var beacon = Beacon.Open("127.0.0.1");
        var address = IPEndPoint.Parse(beacon.Address);
        using var guest = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await guest.ConnectAsync(address, Ct);
        var heard = guest.ReceiveAsync(new byte[1], SocketFlags.None, Ct).AsTask();
        using var second = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await second.ConnectAsync(address, Ct);
        Assert.False(heard.IsCompleted);
        beacon.Dispose();
        try
        {
            Assert.Equal(0, await heard.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct));
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
        using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await late.ConnectAsync(address, Ct));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Strangers_take_no_more_than_so_many_places()
    {
        using var beacon = Beacon.Open("127.0.0.1");
        var guests = new List<Socket>();
        for (var i = 0; i < 80; i++)
        {
            var guest = new Socket(SocketType.Stream, ProtocolType.Tcp);
            guests.Add(guest);
            await guest.ConnectAsync(IPEndPoint.Parse(beacon.Address), Ct);
        }
        // The last ones are sent away, and those before them stay.
        Assert.True(await EndsAsync(guests[^1]));
        Assert.False(guests[0].Poll(0, SelectMode.SelectRead));
        guests.ForEach(guest => guest.Dispose());
    }

    [Fact]
    public void An_address_that_others_know_us_by_need_not_be_ours()
    {
        using var beacon = Beacon.Open("192.0.2.7");
        Assert.StartsWith("192.0.2.7:", beacon.Address, StringComparison.Ordinal);
    }

    private static async Task<bool> EndsAsync(Socket guest)
    {
        try
        {
            return await guest.ReceiveAsync(new byte[1], SocketFlags.None, Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
