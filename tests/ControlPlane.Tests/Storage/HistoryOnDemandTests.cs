using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.Storage;

/// <summary>What keeps thousands of simulated clusters small.</summary>
public sealed class HistoryOnDemandTests
{
    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    private readonly ClusterRegistry registry = ClusterFactory.InMemory(TimeProvider.System);

    [Fact]
    public async Task A_simulated_cluster_keeps_changes_of_a_kind_from_the_first_request_on()
    {
        var cluster = (Cluster)registry.Add("sim");
        var table = cluster.Table(BuiltInKinds.Find("", "configmaps"));
        await CreateAsync(cluster, "before");
        Assert.Null(table.HistoryIfAny);

        var history = cluster.Store.Remember(table);
        var known = cluster.Revision;
        await CreateAsync(cluster, "after");
        Assert.False(history.Remembers(known - 1));
        var read = new List<StoreEvent>();
        Assert.True(history.TryRead(known, read, 10));
        Assert.Equal("after", Assert.Single(read).Object.Key.Name);
    }

    [Fact]
    public async Task The_management_cluster_keeps_changes_from_the_start()
    {
        var cluster = (Cluster)registry.Management;
        var before = cluster.Revision;
        await CreateAsync(cluster, "a");
        Assert.True(cluster.Store.Remember(cluster.Table(BuiltInKinds.Find("", "configmaps"))).Remembers(before));
    }

    [Fact]
    public async Task What_the_simulation_makes_has_no_managedFields_and_what_the_management_cluster_gets_has()
    {
        var simulated = await CreateAsync((Cluster)registry.Add("sim"), "a");
        Assert.False(simulated["metadata"]!.AsObject().ContainsKey("managedFields"));
        var managed = await CreateAsync((Cluster)registry.Management, "a");
        Assert.Single(managed["metadata"]!["managedFields"]!.AsArray());
    }

    private static ValueTask<JsonObject> CreateAsync(Cluster cluster, string name) => cluster.CreateAsync(ConfigMaps, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["data"] = new JsonObject { ["x"] = "1" },
    }, CancellationToken.None);
}
