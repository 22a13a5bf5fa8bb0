using System.Text.Json.Nodes;
using Fleet.Helm.Versions;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>An object that machines are made by: a control plane of any provider, a MachineDeployment or a MachinePool. Pure view of its JSON.</summary>
internal sealed class MachineOwner
{
    private const string ControlPlaneGroup = "controlplane.cluster.x-k8s.io";

    private readonly JsonObject spec;

    private MachineOwner(RenderedObject item, bool isControlPlane)
    {
        Item = item;
        IsControlPlane = isControlPlane;
        spec = item.Root["spec"] as JsonObject ?? [];
    }

    public RenderedObject Item { get; }

    public bool IsControlPlane { get; }

    public string Title => $"{Item.Kind} {Item.Name}";

    public string? Version => IsControlPlane ? Text(spec["version"]) : Text(MachineSpec?["version"]);

    public int? Replicas => (int?)Number(spec["replicas"]);

    public JsonObject? Infrastructure => (IsControlPlane
        ? spec["machineTemplate"]?["spec"]?["infrastructureRef"] ?? spec["machineTemplate"]?["infrastructureRef"]
        : MachineSpec?["infrastructureRef"]) as JsonObject;

    /// <summary>Whether a control plane has machines at all; hosted and managed ones have none.</summary>
    public bool HasMachines => !IsControlPlane || Infrastructure is not null;

    /// <summary>What machines are configured with at their start: a change needs new ones.</summary>
    public IReadOnlyList<(string Field, JsonNode? Value)> Bootstrap => IsControlPlane
        ? [("kubeadmConfigSpec", spec["kubeadmConfigSpec"]), ("k0sConfigSpec", spec["k0sConfigSpec"])]
        : [("bootstrap", MachineSpec?["bootstrap"]), ("failureDomain", MachineSpec?["failureDomain"])];

    /// <summary>A time after which all machines are to be new ones.</summary>
    public string? RolloutAfter => Text(spec["rollout"]?["after"]) ?? Text(spec["rolloutAfter"]);

    /// <summary>Both kinds make one machine more at a time unless they say otherwise.</summary>
    public string MaxSurge => ((spec["rollout"]?["strategy"] ?? spec["rolloutStrategy"] ?? spec["strategy"])?["rollingUpdate"]?["maxSurge"])?.ToString() ?? "1";

    private JsonObject? MachineSpec => spec["template"]?["spec"] as JsonObject;

    public static MachineOwner? Of(RenderedObject item) => item switch
    {
        { Group: ControlPlaneGroup } when item.Kind.EndsWith("ControlPlane", StringComparison.Ordinal) => new(item, true),
        { Group: "cluster.x-k8s.io", Kind: "MachineDeployment" or "MachinePool" } => new(item, false),
        _ => null,
    };

    public static SemanticVersion? Parse(string? version) => version is null ? null : SemanticVersion.TryParse(version);

    /// <summary>Numbers from YAML and from JSON are of different types.</summary>
    public static long? Number(JsonNode? node) =>
        node is not JsonValue value ? null
        : value.TryGetValue<long>(out var number) ? number
        : value.TryGetValue<int>(out var small) ? small
        : value.TryGetValue<double>(out var real) && real == Math.Truncate(real) ? (long)real : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
