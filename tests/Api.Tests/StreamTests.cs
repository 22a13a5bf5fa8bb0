using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;

namespace Fleet.Api.Tests;

/// <summary>Server-sent events.</summary>
public sealed class StreamTests
{
    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_stream_begins_with_all_there_is_and_goes_on_with_every_change(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ClusterAsync("a");
        await host.ClusterAsync("b");
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        await using var reader = await EventReader.OpenAsync(caller, $"?kinds=clusters&namespace={host.Namespace}");
        var begin = await reader.UntilAsync(e => e.Name == "synced");
        Assert.Equal(["resync", "added", "added", "synced"], begin.Select(e => e.Name));
        Assert.All(begin.SkipLast(1), e => Assert.Equal("", e.Id));
        Assert.StartsWith("clusters=", begin[^1].Id, StringComparison.Ordinal);
        var c = await host.ClusterAsync("c");
        await host.StatusAsync(c, ListTests.Ready("True", "Succeeded", "Object is ready"));
        await host.Client.Dynamic(FleetKinds.ClusterDeployments.Kind).DeleteAsync(c.Key, DeleteOptions.Background, default);
        var seen = await reader.UntilAsync(e => e.Name == "deleted");
        Assert.Equal(["added c", "modified c", "deleted c"], seen.Select(e => $"{e.Name} {e.ObjectName}"));
        Assert.Equal("Ready", (string?)seen[1].Data!["object"]!["phase"]);
        Assert.Equal(c.Metadata.Uid, (string?)seen[2].Data!["uid"]);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Whoever_comes_back_with_the_last_id_misses_nothing_and_sees_nothing_twice_even_after_a_restart(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ClusterAsync("a");
        var caller = await host.CallerAsync("reader", Rules.ReadClusters, Rules.ReadCredentials);
        var path = $"?kinds=clusters,credentials&namespace={host.Namespace}";
        string id;
        await using (var reader = await EventReader.OpenAsync(caller, path))
        {
            var synced = 0;
            await reader.UntilAsync(e => e.Name == "synced" && ++synced == 2);
            await host.ClusterAsync("b");
            await reader.UntilAsync(e => e.ObjectName == "b");
            id = reader.Id;
            var stopping = host.StopApiAsync();
            var closing = await reader.UntilAsync(e => e.Name == "closing");
            Assert.Contains("stops", (string?)closing[^1].Data!["reason"], StringComparison.Ordinal);
            await stopping;
        }

        await host.ClusterAsync("c");
        await host.Client.Dynamic(FleetKinds.ClusterDeployments.Kind).DeleteAsync(new(host.Namespace, "a"), DeleteOptions.Background, default);
        await host.StartApiAsync();
        await using var again = await EventReader.OpenAsync(caller, path, id);
        var seen = await again.UntilAsync(e => e.Name == "deleted");
        Assert.Equal(["added c", "deleted a"], seen.Select(e => $"{e.Name} {e.ObjectName}"));
    }

    [Fact]
    public async Task A_version_that_is_forgotten_leads_to_a_new_list()
    {
        await using var host = await ApiHost.StartAsync("kube-apiserver");
        await host.ClusterAsync("a");
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        // kube-apiserver answers 410 to versions before the start of its watch cache.
        await using var reader = await EventReader.OpenAsync(caller, $"?kinds=clusters&namespace={host.Namespace}", "clusters=1");
        var seen = await reader.UntilAsync(e => e.Name == "synced");
        Assert.Equal(["resync", "added", "synced"], seen.Select(e => e.Name));
        Assert.Contains("forgotten", (string?)seen[0].Data!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_management_api_may_go_away_and_come_back()
    {
        await using var server = await RealApiServer.StartAsync(withControllers: false);
        await using var host = await ApiHost.StartAsync(server, new() { Heartbeat = TimeSpan.FromMilliseconds(200) });
        await host.ClusterAsync("a");
        var admin = await host.AdminAsync();
        await using var reader = await EventReader.OpenAsync(admin, "?kinds=clusters");
        await reader.UntilAsync(e => e.Name == "synced");
        await server.KillAsync();
        await (await admin.AskAsync("/clusters?limit=7")).ProblemAsync(503, "unavailable");
        await server.StartAgainAsync();
        await host.ClusterAsync("b");
        var seen = await reader.UntilAsync(e => e.ObjectName == "b");
        Assert.True(seen[0].Name is "resync" || seen is [{ Name: "added" }], string.Join(", ", seen.Select(e => e.Name)));
        Assert.True(reader.Heartbeats > 1);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Only_objects_that_the_caller_may_watch_are_told(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var other = await host.NewNamespaceAsync();
        await host.ClusterAsync("theirs", other);
        var caller = await host.CallerAsync("reader", Rules.ReadClusters);
        await using var reader = await EventReader.OpenAsync(caller, "?kinds=clusters");
        Assert.True((bool?)(await reader.UntilAsync(e => e.Name == "synced"))[^1].Data!["limitedByAccess"]);
        await host.ClusterAsync("theirs-2", other);
        await host.ClusterAsync("mine");
        var seen = await reader.UntilAsync(e => e.ObjectName == "mine");
        Assert.DoesNotContain(seen, e => e.Data!["object"] is { } item && (string?)item["namespace"] == other);
    }

    [Fact]
    public async Task Parameters_are_checked()
    {
        await using var host = await ApiHost.StartAsync("embedded", new() { MostStreams = 1 });
        var admin = await host.AdminAsync();
        (string Path, string Field)[] wrong =
        [
            ("", "?kinds"), ("?kinds=", "?kinds"), ("?kinds=secrets", "?kinds"), ("?kinds=clusters,secrets", "?kinds"),
            ("?kinds=clusters&namespace=..", "?namespace"), ("?kinds=provider-templates&namespace=a", "?namespace"),
        ];
        foreach (var (path, field) in wrong)
            Assert.Equal([field], (await (await admin.AskAsync("/watch" + path)).ProblemAsync(400, "invalid-request")).Fields());
        foreach (var id in (string[])["clusters", "clusters=", "clusters=../1", "clusters=1=2", new string('1', 2000)])
            Assert.Equal(["header Last-Event-ID"], (await (await admin.AskAsync("/watch?kinds=clusters", ("Last-Event-ID", id))).ProblemAsync(400, "invalid-request")).Fields());
        await using (var reader = await EventReader.OpenAsync(admin, "?kinds=clusters"))
        {
            await reader.NextAsync();
            await (await admin.AskAsync("/watch?kinds=clusters")).ProblemAsync(429, "too-many-requests");
        }

        await Wait.UntilAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/watch?kinds=clusters", UriKind.Relative));
            using var response = await admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return response.StatusCode == HttpStatusCode.OK;
        }, "the place is free again");
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_cut_and_can_come_back()
    {
        await using var host = await ApiHost.StartAsync("embedded", new() { StreamBacklog = 8, StreamPatience = TimeSpan.FromSeconds(2) });
        var cluster = await host.ClusterAsync("a");
        var token = await host.TokenAsync("reader", Rules.ReadClusters);
        // A connection of our own, with a small window, that reads the head and then nothing.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /api/v1/watch?kinds=clusters&namespace={host.Namespace} HTTP/1.1\r\nHost: {host.Address.Authority}\r\nAuthorization: Bearer {token}\r\n\r\n"));
        var head = new byte[256];
        await socket.ReceiveAsync(head);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(head), StringComparison.Ordinal);
        var large = new string('m', 20_000);
        var cut = false;
        // As much as the computer's own buffers take, which is megabytes on some.
        for (var i = 0; i < 5000 && !cut; i++)
        {
            await host.StatusAsync(cluster, ListTests.Ready("False", "Failed", $"{i} {large}"));
            cut = (await host.Caller(null).GetStringAsync(new Uri("/metrics", UriKind.Relative))).Contains("fleet_api_streams_cut_total 1\n", StringComparison.Ordinal);
        }

        await Wait.UntilAsync(
            async () => (await host.Caller(null).GetStringAsync(new Uri("/metrics", UriKind.Relative))) is var text
                && text.Contains("fleet_api_streams_cut_total 1\n", StringComparison.Ordinal) && text.Contains("fleet_api_streams_active 0\n", StringComparison.Ordinal),
            "the stream is cut and closed");
    }

    [Fact]
    public async Task A_token_that_ends_ends_its_streams()
    {
        await using var host = await ApiHost.StartAsync("embedded", new() { Heartbeat = TimeSpan.FromMilliseconds(500) });
        var caller = await host.CallerAsync("leaver", Rules.ReadClusters);
        await using var reader = await EventReader.OpenAsync(caller, $"?kinds=clusters&namespace={host.Namespace}");
        await reader.UntilAsync(e => e.Name == "synced");
        await host.Client.Dynamic(new("", "v1", "ServiceAccount", "serviceaccounts", true)).DeleteAsync(new(host.Namespace, "leaver"), DeleteOptions.Background, default);
        var seen = await reader.UntilAsync(e => e.Name == "closing");
        Assert.Contains("token", (string?)seen[^1].Data!["reason"], StringComparison.Ordinal);
        Assert.Null(await reader.NextAsync());
    }
}
