namespace Fleet.Reliability.Tests;

/// <summary>Each write of a reconcile is a place to die: right before it is sent, and when it was taken and nobody was told of that yet.</summary>
public sealed class CrashPointTests
{
    /// <summary>A note on the disk, the row, the object of the cluster, the status.</summary>
    private const int Writes = 4;

    [Fact]
    public async Task Whoever_comes_next_goes_on_wherever_the_one_before_died()
    {
        await using var laboratory = await SmallLaboratory.StartAsync(2);
        // Twice: the first time much of it is made, the second time it is changed.
        foreach (var round in (int[])[1, 2])
            foreach (var point in Enumerable.Range(0, Writes).SelectMany(write => (string[])[$"before {write}", $"after {write}"]))
            {
                foreach (var cluster in laboratory.Servers.Clusters)
                    await laboratory.Servers.WantAsync(cluster, $"{point} {round}", TestContext.Current.CancellationToken);
                // Under the name of the one before, whose Lease it takes at once.
                await laboratory.Replicas.StartAsync("a", crash: point);
                await SmallLaboratory.UntilAsync(() => Task.FromResult(laboratory.Replicas.HasEnded("a")), () => $"a lives on {point}");
            }
        await laboratory.Replicas.StartAsync("a");
        await laboratory.SettleAsync("last");
        await laboratory.CheckAsync("last");
        var open = laboratory.Replicas.History().GroupBy(r => (r.Process, r.Store, r.Cluster, r.Count)).Count(write => write.All(r => r.What == "try"));
        Assert.True(open >= 4 * (Writes - 1), $"only {open} writes have an unknown end: they did not die where they should have");
    }

    [Fact]
    public async Task Another_replica_completes_what_one_has_half_done()
    {
        await using var laboratory = await SmallLaboratory.StartAsync(1);
        await laboratory.Servers.WantAsync("cluster-0", "half", TestContext.Current.CancellationToken);
        // The row is written, and neither the object of the cluster nor the status knows.
        await laboratory.Replicas.StartAsync("a", crash: "after 1");
        await SmallLaboratory.UntilAsync(() => Task.FromResult(laboratory.Replicas.HasEnded("a")), () => "a lives on");
        var half = await laboratory.Servers.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["rows"], half.Where(s => s.Applied == "half").Select(s => s.Store));
        await laboratory.Replicas.StartAsync("b");
        await laboratory.SettleAsync("half");
        await laboratory.CheckAsync("half");
        var row = laboratory.Replicas.History().Where(r => r is { Store: "rows", What: "done" }).MinBy(r => r.Count)!;
        // It goes on from what a had written, and does not begin again.
        Assert.Equal(("b", 2L), (row.Replica, row.Count));
    }
}
