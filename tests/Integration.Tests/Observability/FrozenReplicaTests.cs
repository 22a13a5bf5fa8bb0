using System.Text.Json.Nodes;
using Fleet.Integration.Tests.StateManager;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Processes of fleet-observability that are frozen in the middle of a write, for longer than they are believed to live.</summary>
public sealed class FrozenReplicaTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private const string Alerts = "singleton:alerts";
    private const string Cluster = $"collection:{StateManagerEnvironment.Namespace}/prod";

    private ObservabilityReplicas replicas = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => replicas = await ObservabilityReplicas.PrepareAsync(environment);

    public ValueTask DisposeAsync() => replicas.DisposeAsync();

    [Fact]
    public async Task What_a_frozen_one_still_wrote_is_refused_by_PostgreSQL_when_others_have_its_clusters_and_alerts()
    {
        var names = ObservabilityReplicas.Names;
        await replicas.BeginAsync();

        // The end of the incident cannot be told yet, so that there is something to tell for whoever alerts.
        replicas.Peers.Moods["/webhook"] = 503;
        await replicas.EndAsync();
        var before = await replicas.SeenAsync();

        // Whoever alerts, and whoever looks at the cluster: one process or two, of three. Each has sent what it begins to write with, which is on its way when it is frozen.
        foreach (var name in names)
            replicas.Gate(name).Hold();
        await EventuallyAsync(() => Task.FromResult(names.SelectMany(name => replicas.Gate(name).Held).ToList()), grains => grains.Contains(Alerts) && grains.Contains(Cluster), "both are about to write");
        var frozen = names.Where(name => replicas.Gate(name).Held.Overlaps([Alerts, Cluster])).ToList();
        foreach (var name in frozen)
            await replicas.SignalAsync(name, "STOP");
        Assert.InRange(frozen.Count, 1, names.Count - 1);
        foreach (var name in names.Except(frozen))
            await replicas.Gate(name).ReleaseAsync(Cancel);
        var (held, epochs) = (frozen.SelectMany(name => replicas.Gate(name).Held).ToList(), await replicas.EpochsAsync());
        replicas.Peers.Moods.Clear();

        // Others do all of it, under greater epochs.
        var told = await EventuallyAsync(() => Task.FromResult(replicas.Peers.Of("/webhook")), all => all.Any(IsEnd), "the end is told");
        await EventuallyAsync(replicas.EpochsAsync, later => held.All(grain => later[$"observability/{grain}"] > epochs[$"observability/{grain}"]), $"others write for {string.Join(", ", held)}");

        // Only now the writes of the frozen ones arrive. PostgreSQL takes none of their epochs, and so nothing of their transactions.
        foreach (var name in frozen)
        {
            var taken = await replicas.Gate(name).ReleaseAsync(Cancel);
            Assert.NotEmpty(taken);
            Assert.All(taken, count => Assert.Equal(0, count));
        }
        foreach (var name in frozen)
            await replicas.SignalAsync(name, "CONT");
        var thawed = TimeProvider.System.GetUtcNow();
        foreach (var name in frozen)
            await replicas.ReadyAsync(name);

        var after = await EventuallyAsync(() => replicas.SeenAsync(), seen => seen.All(one => one.Value.Until > thawed), "costs of all clusters go on");
        await replicas.AssertNothingIsMissingAndNothingTwiceAsync(before, after);
        await EventuallyAsync(replicas.WaitingAsync, waiting => waiting == 0, "the outbox is empty again");
        var keys = replicas.Peers.HeadersOf("/webhook", "Idempotency-Key");
        Assert.Equal(keys.Distinct(), keys);
        Assert.Equal(told.Count, keys.Count);
        Assert.Single(told, one => !IsEnd(one));
        await EventuallyAsync(() => Task.FromResult(names.Count(name => replicas.RunsHere(name, "alerts"))), count => count == 1, "one alerts, and says so");
    }

    private static bool IsEnd(JsonObject notification) => (string?)notification["status"] == "resolved";

    private static Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> expected, string what) => StateManagerEnvironment.EventuallyAsync(ask, expected, what);
}
