using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Api;

/// <summary>Nodes, Machines and Events as the REST API shows them, from JSON of any version of their kinds. Pure.</summary>
internal static class PartViews
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static NodeView Node(DynamicObject node)
    {
        var ready = Items(node.At("status", "conditions")).FirstOrDefault(condition => Text(condition["type"]) == "Ready");
        return new()
        {
            Name = node.Key.Name,
            Ready = Text(ready?["status"]) == "True",
            Message = Text(ready?["message"]),
            Roles = [.. (node.Metadata.Labels ?? []).Keys.Where(label => label.StartsWith(RolePrefix, StringComparison.Ordinal)).Select(label => label[RolePrefix.Length..]).Order(StringComparer.Ordinal)],
            Schedulable = node.At("spec", "unschedulable") is not JsonValue flag || !flag.TryGetValue<bool>(out var cordoned) || !cordoned,
            KubeletVersion = Text(node.At("status", "nodeInfo", "kubeletVersion")),
            ProviderId = Text(node.At("spec", "providerID")),
            Addresses = [.. Items(node.At("status", "addresses")).Select(address => Text(address["address"])).OfType<string>()],
            Created = node.Metadata.CreationTimestamp,
        };
    }

    public static MachineView Machine(DynamicObject machine) => new()
    {
        Namespace = machine.Key.Namespace,
        Name = machine.Key.Name,
        Phase = Text(machine.At("status", "phase")),
        KubernetesVersion = Text(machine.At("spec", "version")),
        Node = Text(machine.At("status", "nodeRef", "name")),
        ProviderId = Text(machine.At("spec", "providerID")),
        ControlPlane = machine.Metadata.Labels?.ContainsKey("cluster.x-k8s.io/control-plane") == true,
        Deployment = machine.Metadata.Labels?.GetValueOrDefault("cluster.x-k8s.io/deployment-name"),
        Created = machine.Metadata.CreationTimestamp,
        DeletionRequested = machine.Metadata.DeletionTimestamp,
    };

    public static EventView Event(DynamicObject seen)
    {
        var first = Time(seen.At("firstTimestamp")) ?? Time(seen.At("eventTime")) ?? seen.Metadata.CreationTimestamp;
        return new()
        {
            Type = Text(seen.At("type")) ?? "Normal",
            Reason = Text(seen.At("reason")) ?? "",
            Message = Text(seen.At("message")) ?? "",
            Count = Number(seen.At("series", "count")) ?? Number(seen.At("count")) ?? 1,
            FirstSeen = first,
            LastSeen = Time(seen.At("series", "lastObservedTime")) ?? Time(seen.At("lastTimestamp")) ?? first,
        };
    }

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
