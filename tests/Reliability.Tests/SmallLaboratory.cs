using System.Diagnostics;
using Fleet.Reliability.Tests.Laboratory;
using Fleet.Testing;

namespace Fleet.Reliability.Tests;

/// <summary>A few clusters on the servers that all tests of this process share, and replicas that a test starts as it needs them: no network of its own, no seed.</summary>
internal sealed class SmallLaboratory : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder;

    private SmallLaboratory(LaboratoryServers servers, TemporaryFolder folder) => (Servers, this.folder, Replicas) = (servers, folder, new(servers, folder, null));

    public LaboratoryServers Servers { get; }

    public LaboratoryReplicas Replicas { get; }

    public static async Task<SmallLaboratory> StartAsync(int clusters) =>
        new(await LaboratoryServers.StartAsync(clusters, isOwn: false, TestContext.Current.CancellationToken), new("laboratory"));

    public string File(string name) => folder.File(name);

    public static async Task UntilAsync(Func<Task<bool>> there, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!await there())
        {
            Assert.True(watch.Elapsed < Patience, $"not within {Patience}: {otherwise()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Wants this of all clusters, and waits until each store has it.</summary>
    public async Task SettleAsync(string value)
    {
        var ct = TestContext.Current.CancellationToken;
        foreach (var cluster in Servers.Clusters)
            await Servers.WantAsync(cluster, value, ct);
        IReadOnlyList<StoredCount> seen = [];
        await UntilAsync(
            async () => (seen = await Servers.ReadAsync(ct)).Count(s => s.Applied == value) == 3 * Servers.Clusters.Count,
            () => string.Join(", ", seen.Where(s => s.Applied != value)));
    }

    /// <summary>Everything that ever happened here went by the rules, and everything is as wanted.</summary>
    public async Task CheckAsync(string wanted)
    {
        await Replicas.EndAsync();
        Assert.Empty(HistoryChecker.Check(Replicas.History(), await Servers.ReadAsync(TestContext.Current.CancellationToken), Servers.Clusters.ToDictionary(c => c, _ => wanted)));
    }

    public async ValueTask DisposeAsync()
    {
        await Replicas.DisposeAsync();
        await Servers.DisposeAsync();
        folder.Dispose();
    }
}
