using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>How a recommendation would be followed.</summary>
internal sealed record ApplyPlan
{
    /// <summary>The service whose values say it; null when it can not be done through the fleet.</summary>
    public DeclaredService? Service { get; init; }

    /// <summary>The cluster that becomes smaller; null when it is not that.</summary>
    public NodeScaling? Nodes { get; init; }

    /// <summary>Of the machine in <see cref="Nodes"/>.</summary>
    public ResourceKind? MachineKind { get; init; }

    /// <summary>The object that is changed; null when it can not be done through the fleet.</summary>
    public (ResourceKind Kind, DynamicObject Object)? Target =>
        Service is { } service ? (service.Kind, service.Object) : Nodes is { } nodes ? (FleetKinds.ClusterDeployments.Kind, nodes.Cluster) : null;

    /// <summary>Shown to people.</summary>
    public string Description => Service?.ToString() ?? (Nodes is { } nodes ? $"ClusterDeployment {nodes.Cluster.Key}, machine {nodes.Machine.Key.Name}" : "");

    /// <summary>Where in its values, proven by rendering.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>The values that it would have.</summary>
    public string Values { get; init; } = "";

    /// <summary>Why it can not be done through the fleet; null when it can.</summary>
    public string? Reason { get; init; }

    /// <summary>For people who do it by hand: a merge patch of the workload, for a night an object that does it, or null where there is nothing to write.</summary>
    public JsonObject? Workload { get; init; }

    public static ApplyPlan ByHand(string reason, JsonObject? workload = null) => new() { Reason = reason, Workload = workload };

    /// <summary>Changes the text of the values of one service, or the number of workers, and nothing else, and only while what is declared is as it was read: status that controllers write meanwhile is no change.</summary>
    public JsonArray Patch()
    {
        if (Nodes is { } nodes)
            return nodes.Patch();
        var at = $"/spec/serviceSpec/services/{Service!.Index}";
        return
        [
            Operation("test", "/metadata/uid", Service.Object.Metadata.Uid),
            Operation("test", "/metadata/generation", Service.Object.Metadata.Generation),
            Operation("test", at + "/name", Service.Placed.Name),
            Operation("add", at + "/values", Values),
        ];
    }

    internal static JsonObject Operation(string op, string path, JsonNode? value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };
}
