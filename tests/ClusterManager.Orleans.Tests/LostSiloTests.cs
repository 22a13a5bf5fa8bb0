using Fleet.ClusterManager.OrleansProcess;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Testing;
using Fleet.Testing.Servers;

namespace Fleet.ClusterManager.Orleans.Tests;

/// <summary>Silos in processes of their own, which are killed and held.</summary>
public sealed class LostSiloTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_grain_whose_silo_is_killed_works_on_another_under_a_greater_epoch()
    {
        using var fleet = await StartAsync();
        var silo = await fleet.AddAsync();
        await fleet.AddAsync();
        var (grain, epoch) = await fleet.OneInAsync(silo, Ct);
        silo.Kill();
        var (later, _) = await fleet.AskUntilElsewhereAsync(grain, silo.Id, Ct);
        Assert.True(later > epoch);
    }

    [Fact]
    public async Task A_silo_that_hung_writes_nothing_after_another_took_over()
    {
        using var folder = new TemporaryFolder("hung-silo");
        using var fleet = await StartAsync();
        var silo = await fleet.AddAsync();
        await fleet.AddAsync();
        var (grain, epoch) = await fleet.OneInAsync(silo, Ct);
        var file = folder.File("writes");
        // Its work lasts until it is over with the silo; what becomes of the call is not the question.
        var work = fleet.Grains.CallAsync(grain, new GrainCall("hold", new ObjectKey("", file), "id"), Ct);
        while (!File.Exists(file))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        await silo.HangAsync();
        var (later, _) = await fleet.AskUntilElsewhereAsync(grain, silo.Id, Ct);
        Assert.True(later > epoch);
        var written = await File.ReadAllTextAsync(file, Ct);
        await silo.WakeUpAsync();
        // It hears that it was declared dead, and ends itself.
        await silo.ExitAsync(Ct);
        Assert.Equal(written, await File.ReadAllTextAsync(file, Ct));
        await Assert.ThrowsAnyAsync<Exception>(() => work);
    }

    private static async Task<Fleetlet> StartAsync() => await Fleetlet.StartAsync(await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync());
}
