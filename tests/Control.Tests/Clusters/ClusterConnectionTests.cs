using Fleet.Control.Clusters;
using Fleet.Control.Queueing;
using Fleet.Testing.Time;

namespace Fleet.Control.Tests.Clusters;

/// <summary>The breaker, with kubeconfigs that fail before anything is sent.</summary>
public sealed class ClusterConnectionTests
{
    private readonly ManualTimeProvider clock = new();

    [Fact]
    public async Task Each_failure_doubles_the_time_in_which_the_cluster_is_not_asked()
    {
        await using var connection = Connection();
        foreach (var seconds in new[] { 2, 4, 8, 16, 32, 64, 120, 120 })
        {
            var failed = await FailAsync(connection, "not a kubeconfig");
            Assert.Equal(TimeSpan.FromSeconds(seconds), failed.RetryAfter);

            clock.Advance(TimeSpan.FromSeconds(1));
            var open = await FailAsync(connection, "not a kubeconfig");
            Assert.Equal(TimeSpan.FromSeconds(seconds - 1), open.RetryAfter);
            Assert.Equal(failed.Message, open.Message);
            clock.Advance(open.RetryAfter);
        }
    }

    [Fact]
    public async Task An_hour_of_failures_is_thirty_odd_questions_and_the_next_comes_within_two_minutes()
    {
        await using var connection = Connection();
        var until = clock.GetUtcNow() + TimeSpan.FromHours(1);
        var asked = 0;
        var waits = TimeSpan.Zero;
        while (clock.GetUtcNow() < until)
        {
            waits = (await FailAsync(connection, "not a kubeconfig")).RetryAfter;
            asked++;
            clock.Advance(waits);
        }
        Assert.Equal((35, TimeSpan.FromMinutes(2)), (asked, waits));
    }

    [Fact]
    public async Task Another_kubeconfig_is_tried_at_once()
    {
        await using var connection = Connection();
        var first = await FailAsync(connection, "not a kubeconfig");
        clock.Advance(first.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(4), (await FailAsync(connection, "not a kubeconfig")).RetryAfter);

        Assert.Equal(TimeSpan.FromSeconds(2), (await FailAsync(connection, "another that is none")).RetryAfter);
    }

    [Fact]
    public async Task A_kubeconfig_that_would_run_a_program_here_is_refused()
    {
        await using var connection = Connection();
        var refused = await FailAsync(connection, """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/secret-program, interactiveMode: Never}}}]
            """);
        Assert.Contains("exec", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ClusterNotConnectedException> FailAsync(ClusterConnection<View> connection, string kubeconfig) =>
        Assert.ThrowsAsync<ClusterNotConnectedException>(() => connection.EnsureAsync(kubeconfig, TestContext.Current.CancellationToken));

    private ClusterConnection<View> Connection() => new((_, _) => Task.FromResult(new View()), _ => null, clock, new NoJitter());

    private sealed class View : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NoJitter : IJitterSource
    {
        public double Next() => 0;
    }
}
