using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Persistence;
using Fleet.Testing.Time;

namespace Fleet.ControlPlane.Tests.Simulation;

public sealed class PersistenceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-snapshots-").FullName;

    [Fact]
    public async Task What_was_put_into_a_simulated_cluster_is_there_after_a_restart()
    {
        var clock = new ManualTimeProvider();
        var first = ClusterFactory.InMemory(clock, new ClusterSnapshots(folder));
        string uid;
        await using (var simulation = await FleetSimulation.StartAsync(first, new(), clock, null, CancellationToken.None))
        {
            var api = await simulation.StartClusterAsync("work", 1, CancellationToken.None);
            await SimulationHarness.ApplyAsync(api, """
                apiVersion: v1
                kind: Secret
                metadata: {name: sh.helm.release.v1.web.v1, namespace: default}
                type: helm.sh/release.v1
                data: {release: eA==}
                """);
            uid = api.Get(CoreKinds.Secret, new("default", "sh.helm.release.v1.web.v1"))!.Uid();
        }

        var second = ClusterFactory.InMemory(clock, new ClusterSnapshots(folder)).Add("work");

        Assert.Equal(uid, second.Get(CoreKinds.Secret, new("default", "sh.helm.release.v1.web.v1"))!.Uid());
        // Beyond every version that a client may have been told in a moment that is lost, so that no watch from before goes on as if nothing were.
        Assert.True(second.Revision > first.Find("work")!.Revision + 1000);
        Assert.Single(second.List(CoreKinds.Node));
    }

    [Fact]
    public async Task A_cluster_that_was_removed_leaves_nothing_behind()
    {
        var clock = new ManualTimeProvider();
        var registry = ClusterFactory.InMemory(clock, new ClusterSnapshots(folder));
        await using var simulation = await FleetSimulation.StartAsync(registry, new(), clock, null, CancellationToken.None);
        await simulation.StartClusterAsync("work", 1, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1));
        await simulation.WhenIdle();
        Assert.Single(Directory.GetFiles(folder));

        Assert.True(simulation.RemoveCluster("work"));

        Assert.Empty(Directory.GetFiles(folder));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
