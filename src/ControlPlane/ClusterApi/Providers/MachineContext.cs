using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Core;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>A machine with all that decides how its Node looks. Pure.</summary>
internal sealed record MachineContext(
    JsonObject Infrastructure, JsonObject Machine, JsonObject Cluster, JsonObject InfrastructureCluster, string NodeName, string Region)
{
    private const string DefaultVersion = "v1.33.1";

    public string Zone => Machine.Text("spec", "failureDomain") is { Length: > 0 } placed ? placed
        : Infrastructure.Text("status", "failureDomain") ?? MachineNames.Zone(Infrastructure, InfrastructureCluster);

    /// <summary>What was once given stays, also when a restore gave the object another uid.</summary>
    public string Address => Infrastructure.Text("spec", "address")
        ?? Infrastructure.Items("status", "addresses").FirstOrDefault(address => address.Text("type") == "InternalIP")?.Text("address")
        ?? MachineNames.Address(Infrastructure.Uid());

    public string ProviderId => Infrastructure.Text("spec", "providerID") ?? MachineNames.ProviderId(Infrastructure, InfrastructureCluster, Zone);

    public NodeSpec ToNode()
    {
        var owner = Machine.Controller();
        return new(NodeName, ProviderId, Version(Machine.Text("spec", "version")))
        {
            Type = MachineNames.TypeOf(Infrastructure),
            ControlPlane = Machine.Label(CapiNames.ControlPlaneLabel) is not null,
            Region = Region,
            Zone = Zone,
            Address = Address,
            Tainted = !Untainted(owner),
            Labels = NodeLabels.Of(Machine),
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["cluster.x-k8s.io/cluster-name"] = Cluster.NameOf(),
                ["cluster.x-k8s.io/cluster-namespace"] = Cluster.NamespaceOf(),
                [CapiNames.MachineAnnotation] = Machine.NameOf(),
                ["cluster.x-k8s.io/owner-kind"] = owner?.Text("kind") ?? "",
                ["cluster.x-k8s.io/owner-name"] = owner?.Text("name") ?? "",
            },
        };
    }

    public static string Version(string? wanted) => string.IsNullOrEmpty(wanted) ? DefaultVersion : wanted.StartsWith('v') ? wanted : $"v{wanted}";

    private bool Untainted(JsonObject? owner) => owner is not null && Machine.Annotation(SimulationAnnotations.NoTaints) is not null;
}
