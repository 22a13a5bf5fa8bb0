using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>A machine pool with all that decides how its Nodes look. Pure.</summary>
internal sealed record PoolFacts(JsonObject Infrastructure, JsonObject Pool, JsonObject Cluster, JsonObject InfrastructureCluster)
{
    /// <summary>On a Node: the infrastructure pool that its instance belongs to.</summary>
    public const string InfrastructureLabel = "simulation.fleet.dev/machine-pool";

    private string Version => MachineContext.Version(Pool.Text("spec", "template", "spec", "version"));

    /// <summary>Whether a Node's instance is of the version and machine type that the pool has now.</summary>
    public bool IsCurrent(JsonObject node) =>
        node.Text("status", "nodeInfo", "kubeletVersion") == Version
        && node.Label("node.kubernetes.io/instance-type") == MachineNames.TypeOf(Infrastructure).Name;

    /// <param name="seed">What no other instance of the pool has.</param>
    public NodeSpec NewNode(string seed)
    {
        var uid = $"{Infrastructure.Uid()}/{seed}";
        var name = $"{Infrastructure.NameOf()}-{StableHash.Suffix(uid, 5)}";
        var single = new JsonObject
        {
            ["kind"] = Infrastructure.Text("kind"),
            ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = uid },
            ["spec"] = Infrastructure.Child("spec")?.DeepClone() ?? new JsonObject(),
        };
        var zone = MachineNames.Zone(single, InfrastructureCluster);
        return new(name, MachineNames.ProviderId(single, InfrastructureCluster, zone), Version)
        {
            Type = MachineNames.TypeOf(single),
            Region = ProviderNames.Region(InfrastructureCluster),
            Zone = zone,
            Address = MachineNames.Address(uid),
            Labels = new Dictionary<string, string>(NodeLabels(), StringComparer.Ordinal)
            {
                [CapiNames.PoolLabel] = Pool.NameOf(),
                [InfrastructureLabel] = Infrastructure.NameOf(),
            },
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [CapiNames.ClusterLabel] = Cluster.NameOf(),
                ["cluster.x-k8s.io/cluster-namespace"] = Cluster.NamespaceOf(),
                ["cluster.x-k8s.io/owner-kind"] = "MachinePool",
                ["cluster.x-k8s.io/owner-name"] = Pool.NameOf(),
            },
        };
    }

    private Dictionary<string, string> NodeLabels() =>
        Core.NodeLabels.Of(new() { ["metadata"] = Pool.Child("spec", "template", "metadata")?.DeepClone() ?? new JsonObject() });
}
