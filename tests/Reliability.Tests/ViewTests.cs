using Fleet.Reliability.Tests.Laboratory;

namespace Fleet.Reliability.Tests;

/// <summary>Replicas that do not see what is: the patterns of Sieve (Sun et al., "Automatic Reliability Testing for Cluster Management Controllers", 2022) beside crashes.</summary>
public sealed class ViewTests
{
    [Fact]
    public async Task Who_acts_on_an_old_view_is_refused_by_every_store()
    {
        await using var laboratory = await SmallLaboratory.StartAsync(2);
        var heldBack = laboratory.File("held-back");
        await laboratory.Replicas.StartAsync("a", heldBack: heldBack);
        await laboratory.SettleAsync("seen");
        await File.WriteAllTextAsync(heldBack, "", TestContext.Current.CancellationToken);
        // A write that was planned before goes through; from then on everything that a sees is old.
        await SmallLaboratory.UntilAsync(
            () => Task.FromResult(laboratory.Replicas.History().Where(r => r.What == "refused").Select(r => (r.Store, r.Cluster)).Distinct().Count() == 6), () => "not every store has refused");
        var before = await laboratory.Servers.ReadAsync(TestContext.Current.CancellationToken);
        var refused = Refused();
        await SmallLaboratory.UntilAsync(() => Task.FromResult(Refused() >= refused + 12), () => "nothing is tried any more");
        // However often it tries: nothing changes.
        Assert.Equivalent(before, await laboratory.Servers.ReadAsync(TestContext.Current.CancellationToken), strict: true);
        File.Delete(heldBack);
        await laboratory.SettleAsync("seen again");
        await laboratory.CheckAsync("seen again");

        int Refused() => laboratory.Replicas.History().Count(r => r.What == "refused");
    }

    [Fact]
    public async Task Who_was_frozen_between_making_sure_and_sending_is_refused_by_each_store()
    {
        await using var laboratory = await SmallLaboratory.StartAsync(1);
        // The row, the object of the cluster, the status; the first time they are made, the second time they are there.
        foreach (var (round, write, store) in (IEnumerable<(int, int, string)>)[(1, 1, "rows"), (1, 2, "clusters"), (1, 3, "api"), (2, 1, "rows"), (2, 2, "clusters"), (2, 3, "api")])
        {
            await laboratory.Replicas.StartAsync("a", crash: $"freeze {write}");
            await SmallLaboratory.UntilAsync(() => Task.FromResult(laboratory.Replicas.IsFrozen("a")), () => "a is awake");
            var late = laboratory.Replicas.History().Last(r => r.Replica == "a");
            Assert.Equal(("try", store), (late.What, late.Store));
            // Its Lease ends, and another owns the cluster.
            await laboratory.Replicas.StartAsync("b");
            await laboratory.SettleAsync($"{round} of {store}");
            await laboratory.Replicas.SignalAsync("a", "CONT");
            var outcome = late;
            await SmallLaboratory.UntilAsync(
                () => Task.FromResult((outcome = laboratory.Replicas.History().LastOrDefault(r => r.Process == late.Process && r.Store == store && r.Epoch == late.Epoch && r.What != "try") ?? late) != late),
                () => "nothing came of it");
            Assert.Equal(("refused", late.Count), (outcome.What, outcome.Count));
            await laboratory.Replicas.EndAsync();
        }
        await laboratory.CheckAsync("2 of api");
    }

    [Fact]
    public async Task What_came_and_went_between_two_looks_leaves_nothing_behind()
    {
        await using var laboratory = await SmallLaboratory.StartAsync(2);
        await laboratory.Replicas.StartAsync("a");
        await laboratory.SettleAsync("seen");
        // It looks away: a cluster comes and goes, and another is made anew under its name.
        await laboratory.Replicas.SignalAsync("a", "STOP");
        await laboratory.Servers.CreateClusterAsync("brief", TestContext.Current.CancellationToken);
        Assert.True(await laboratory.Servers.DeleteAsync("brief", TestContext.Current.CancellationToken));
        var last = laboratory.Replicas.History().Last(r => r is { What: "done", Store: "api", Cluster: "cluster-1" });
        Assert.True(await laboratory.Servers.DeleteAsync("cluster-1", TestContext.Current.CancellationToken));
        await laboratory.Servers.CreateClusterAsync("cluster-1", TestContext.Current.CancellationToken);
        await laboratory.Replicas.SignalAsync("a", "CONT");
        await laboratory.SettleAsync("as it is");
        await laboratory.Replicas.EndAsync();
        var history = laboratory.Replicas.History();
        Assert.DoesNotContain(history, r => r.Cluster == "brief");
        // Nothing of the one before got into the one after: it is counted from its own beginning, and a write that was planned from the former was refused.
        var anew = history.Where(r => r is { What: "done", Store: "api", Cluster: "cluster-1" } && r.Id != last.Id).ToList();
        Assert.Equal(1, anew.Min(r => r.Count));
        // The other stores go on, and the rules hold there; in the management cluster they hold for each of the two.
        List<WriteRecord> kept = [.. history.Where(r => r is not { Store: "api", Cluster: "cluster-1" })];
        var final = await laboratory.Servers.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Empty(HistoryChecker.Check(kept, final, laboratory.Servers.Clusters.ToDictionary(c => c, _ => "as it is")));
    }
}
