using System.Net;
using System.Net.Sockets;
using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Tests.Scripted;
using Microsoft.AspNetCore.Http;

namespace Fleet.Kubernetes.Tests.Http;

public sealed class PipelineTests
{
    private static readonly ObjectKey Key = new("ns", "a");
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_status_becomes_an_exception_with_all_it_says()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Json(
            """
            {"kind":"Status","message":"bad spec","reason":"Invalid","code":422,
             "details":{"name":"a","group":"g","kind":"K","causes":[{"reason":"FieldValueRequired","message":"Required value","field":"spec.x"}]}}
            """, 422));
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None));
        Assert.Equal((422, "Invalid", "bad spec"), (error.Code, error.Reason, error.Message));
        Assert.Equal(new ApiStatusCause("FieldValueRequired", "Required value", "spec.x"), Assert.Single(error.Details!.Causes));
        Assert.True(error.IsInvalid);
    }

    [Fact]
    public async Task An_error_page_is_not_repeated_in_the_message()
    {
        await using var server = await ScriptedServer.StartAsync(async c =>
        {
            c.Response.StatusCode = 502;
            c.Response.ContentType = "text/html";
            await c.Response.WriteAsync("<html>secret stack trace</html>");
        });
        using var client = server.Client(new() { ReadRetries = 0 });
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None));
        Assert.True(error.IsTransient);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_are_repeated_after_passing_failures_and_writes_never()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answer.Status(503, "ServiceUnavailable"), Answer.Status(429, "TooManyRequests", "slow down", ("Retry-After", "0")), Answer.Json(Answer.Item("a")), Answer.Status(503, "ServiceUnavailable"));
        using var client = server.Client(new() { Jitter = () => 0 });
        var maps = client.Resource(CoreTypes.ConfigMaps);
        Assert.NotNull(await maps.GetAsync(Key, None));
        Assert.Equal(3, server.Requests.Count);
        await Assert.ThrowsAsync<KubeApiException>(() => maps.CreateAsync(new() { Metadata = new() { Name = "a", Namespace = "ns" } }, None));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_long_retry_after_is_reported_and_not_waited_for()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Status(429, "TooManyRequests", "later", ("Retry-After", "120")));
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None));
        Assert.Equal(120, error.Details?.RetryAfterSeconds);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_times_out()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Watch("HANG"));
        using var client = server.Client(new() { Timeout = TimeSpan.FromMilliseconds(30), ReadRetries = 0 });
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None));
        Assert.Equal((0, "Timeout", true), (error.Code, error.Reason, error.IsTransient));
    }

    [Fact]
    public async Task Cancellation_by_the_caller_stays_a_cancellation()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Watch("HANG"));
        using var client = server.Client();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, stop.Token));
    }

    [Fact]
    public async Task A_closed_port_is_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var client = KubernetesClient.Create(new() { Server = new($"http://127.0.0.1:{port}") }, new() { ReadRetries = 1, Jitter = () => 0 });
        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None));
        Assert.Equal((0, "Unreachable", true), (error.Code, error.Reason, error.IsTransient));
    }

    [Fact]
    public async Task Concurrency_is_bounded()
    {
        int now = 0, most = 0;
        await using var server = await ScriptedServer.StartAsync(async c =>
        {
            var mine = Interlocked.Increment(ref now);
            InterlockedMax(ref most, mine);
            await Task.Yield();
            await Answer.Json(Answer.Item("a"))(c);
            Interlocked.Decrement(ref now);
        });
        using var client = server.Client(new() { MaxConcurrentRequests = 3 });
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None)));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_rejected_token_is_renewed_once_and_the_write_sent_again()
    {
        await using var server = await ScriptedServer.StartAsync(
            c => (c.Request.Headers.Authorization == "Bearer new" ? Answer.Json(Answer.Item("a")) : Answer.Status(401, "Unauthorized"))(c));
        using var client = server.Client(endpoint: new() { Server = server.Address, Credential = new RenewableCredential() });
        await client.Resource(CoreTypes.ConfigMaps).CreateAsync(new() { Metadata = new() { Name = "a", Namespace = "ns" } }, None);
        Assert.Equal(["Bearer old", "Bearer new"], server.Requests.Select(r => r.Headers["Authorization"]));
    }

    [Fact]
    public async Task Impersonation_is_sent_in_headers()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Json(Answer.Item("a")));
        using var client = server.Client(endpoint: new()
        {
            Server = server.Address,
            Impersonate = new("jane") { Groups = ["dev"], Extra = new Dictionary<string, IReadOnlyList<string>> { ["a/b"] = ["c"] } },
        });
        await client.Resource(CoreTypes.ConfigMaps).GetAsync(Key, None);
        var headers = Assert.Single(server.Requests).Headers;
        Assert.Equal(("jane", "dev", "c"), (headers["Impersonate-User"], headers["Impersonate-Group"], headers["Impersonate-Extra-a%2Fb"]));
    }

    [Fact]
    public void An_endpoint_prints_no_secret()
    {
        var endpoint = new ClusterEndpoint { Server = new("https://user:s3cret@host:6443/x"), Credential = ClusterCredential.Token("s3cret"), Proxy = new("http://u:s3cret@p") };
        Assert.Equal("https://host:6443/x", endpoint.ToString());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
        {
            if (Interlocked.CompareExchange(ref target, value, seen) == seen)
                return;
        }
    }

    private sealed class RenewableCredential : ClusterCredential
    {
        private CredentialMaterial current = new() { Authorization = new("Bearer", "old") };

        public override ValueTask<CredentialMaterial> GetAsync(CancellationToken ct) => new(current);

        public override bool Invalidate(CredentialMaterial rejected)
        {
            current = new() { Authorization = new("Bearer", "new") };
            return true;
        }
    }
}
