using System.Net;
using System.Net.Sockets;
using Fleet.Kubernetes.Http;

namespace Fleet.Kubernetes.Tests.Http;

public sealed class ForbiddenAddressesTests
{
    [Theory]
    [InlineData("169.254.169.254", true), InlineData("169.254.0.1", true), InlineData("::ffff:169.254.169.254", true), InlineData("64:ff9b::a9fe:a9fe", true), InlineData("2002:a9fe:a9fe::1", true)]
    [InlineData("fe80::1", true), InlineData("fd00:ec2::254", true), InlineData("100.100.100.200", true), InlineData("168.63.129.16", true), InlineData("0.0.0.0", true), InlineData("0.1.2.3", true), InlineData("::", true)]
    [InlineData("224.0.0.1", true), InlineData("255.255.255.255", true), InlineData("ff02::1", true), InlineData("fec0::1", true)]
    [InlineData("10.0.0.1", false), InlineData("192.168.1.1", false), InlineData("127.0.0.1", false), InlineData("::1", false), InlineData("1.1.1.1", false), InlineData("fd00::1", false), InlineData("2606:4700::1111", false)]
    public void Link_local_addresses_and_metadata_services_are_nobodys_to_name(string address, bool forbidden) => Assert.Equal(forbidden, ForbiddenAddresses.Contains(IPAddress.Parse(address)));

    [Theory, InlineData("http://169.254.169.254/latest/meta-data/"), InlineData("http://[::ffff:169.254.169.254]/"), InlineData("http://[fe80::1]/"), InlineData("http://0xa9fea9fe/"), InlineData("http://2852039166/")]
    public async Task They_are_not_connected_to_however_they_are_written(string address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ForbiddenAddresses.ConnectAsync, UseProxy = false });
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(address)));
        Assert.IsType<ForbiddenAddressException>(refused.InnerException);
    }

    [Fact]
    public async Task Other_addresses_are_connected_to_as_ever()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ForbiddenAddresses.ConnectAsync, UseProxy = false });
        var asking = http.GetStringAsync(new Uri($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        Assert.Equal("ok", await asking);
    }

    /// <summary>Whoever owns a name can have it lead to an address that is fine while somebody looks, and to another one when it is connected to.</summary>
    [Fact]
    public async Task A_name_that_changes_its_mind_is_refused_when_it_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var place = new DnsEndPoint("rebound.example", ((IPEndPoint)listener.LocalEndpoint).Port);
        var asked = 0;
        Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]);
        await using (await ForbiddenAddresses.ConnectAsync(place, ResolveAsync, CancellationToken.None))
        {
            // One question a connection: there is no moment between the look and the connection in which another answer could count.
            Assert.Equal(1, asked);
        }
        await Assert.ThrowsAsync<ForbiddenAddressException>(() => ForbiddenAddresses.ConnectAsync(place, ResolveAsync, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Of_several_addresses_only_those_are_tried_that_may_be()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var stream = await ForbiddenAddresses.ConnectAsync(
            new("mixed.example", ((IPEndPoint)listener.LocalEndpoint).Port),
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Loopback]),
            CancellationToken.None);
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)((NetworkStream)stream).Socket.RemoteEndPoint!).Address.MapToIPv4());
    }
}
