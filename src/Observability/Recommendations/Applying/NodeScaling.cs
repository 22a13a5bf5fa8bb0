using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>One worker less in a cluster, and this one: the machine is marked first, so that Cluster API takes it and no other.</summary>
/// <param name="Cluster">The ClusterDeployment.</param>
/// <param name="Machine">Of the node.</param>
/// <param name="Workers">In its config now.</param>
internal sealed record NodeScaling(DynamicObject Cluster, DynamicObject Machine, int Workers)
{
    public const string WorkersField = "workersNumber";

    public const string DeleteMachine = "cluster.x-k8s.io/delete-machine";

    public const string ClusterName = "cluster.x-k8s.io/cluster-name";

    private const string DeploymentName = "cluster.x-k8s.io/deployment-name";
    private const string Autoscaled = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

    /// <summary>As its manifest has it, and only while everything is as it was read.</summary>
    public JsonArray Patch() =>
    [
        ApplyPlan.Operation("test", "/metadata/uid", Cluster.Metadata.Uid),
        ApplyPlan.Operation("test", "/metadata/generation", Cluster.Metadata.Generation),
        ApplyPlan.Operation("test", $"/spec/config/{WorkersField}", Workers),
        ApplyPlan.Operation("replace", $"/spec/config/{WorkersField}", Workers - 1),
    ];

    /// <summary>For the machine; null takes the mark away again.</summary>
    public JsonObject Mark(string? value) => new()
    {
        ["metadata"] = new JsonObject { ["uid"] = Machine.Metadata.Uid, ["annotations"] = new JsonObject { [DeleteMachine] = value } },
    };

    /// <summary>Whether one worker less is exactly this node less. Pure.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="after">Nodes that must have gone before it, since its pods need the room.</param>
    /// <param name="cluster">The ClusterDeployment.</param>
    /// <param name="deployments">Its MachineDeployments.</param>
    /// <param name="machines">Its Machines.</param>
    public static (NodeScaling? Found, string? Reason) Of(
        string node, IReadOnlyCollection<string> after, DynamicObject cluster, IReadOnlyList<DynamicObject> deployments, IReadOnlyList<DynamicObject> machines)
    {
        var nodes = machines.Where(machine => NodeOf(machine) is not null).ToLookup(machine => NodeOf(machine)!);
        if (cluster.Metadata.DeletionTimestamp is not null || (bool?)cluster.At("spec", "dryRun") == true)
            return (null, "the cluster is being deleted, or only a dry run");
        if (nodes[node].ToList() is not [var machine])
            return (null, "no Machine of Cluster API is this node: its pool is changed where it is made");
        if (after.Where(nodes.Contains).ToList() is { Count: > 0 } left)
            return (null, $"its pods have room only once {string.Join(", ", left)} {(left.Count == 1 ? "has" : "have")} gone");
        if (deployments is not [var pool] || machine.Metadata.Labels?.GetValueOrDefault(DeploymentName) != pool.Key.Name)
            return (null, "its workers are not of one MachineDeployment, so that their number does not say which pool becomes smaller");
        if (pool.Metadata.Annotations?.ContainsKey(Autoscaled) == true)
            return (null, "an autoscaler sets the number of its workers, and should find out by itself");
        if (Number(cluster.At("spec", "config", WorkersField)) is not { } workers)
            return (null, $"its config does not say {WorkersField}");
        if (Number(pool.At("spec", "replicas")) != workers || Number(pool.At("status", "replicas")) != workers)
            return (null, string.Create(CultureInfo.InvariantCulture, $"its config says {workers} workers, and it has another number of them now"));
        return workers <= 1 ? (null, "it is the last worker") : (new(cluster, machine, workers), null);
    }

    private static string? NodeOf(DynamicObject machine) => machine.Metadata.DeletionTimestamp is null ? (string?)machine.At("status", "nodeRef", "name") : null;

    private static int? Number(JsonNode? value) => int.TryParse(value?.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
