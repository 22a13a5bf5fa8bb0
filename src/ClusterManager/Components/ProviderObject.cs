using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Components;

/// <summary>Judges an object of the Cluster API operator (CoreProvider, InfrastructureProvider, …) by what the operator says on it. Pure.</summary>
internal static class ProviderObject
{
    public const string Group = "operator.cluster.x-k8s.io";

    public static bool Is(string? apiVersion, string? kind) =>
        apiVersion?.StartsWith(Group + "/", StringComparison.Ordinal) == true && kind?.EndsWith("Provider", StringComparison.Ordinal) == true;

    public static (WorkloadVerdict Verdict, string Why) Of(DynamicObject provider)
    {
        if (provider.Metadata.IsBeingDeleted)
            return (WorkloadVerdict.Progressing, "it is being deleted");
        if (Number(provider.At("status", "observedGeneration")) is { } seen && seen < Number(provider.At("metadata", "generation")))
            return (WorkloadVerdict.Progressing, "the operator has not seen the latest spec yet");
        var conditions = (provider.At("status", "conditions") as JsonArray ?? []).OfType<JsonObject>().ToList();
        var ready = conditions.Find(condition => (string?)condition["type"] == "Ready");
        if ((string?)ready?["status"] == "True")
            return (WorkloadVerdict.Healthy, "");
        // The step that failed says more than the summary of all steps.
        var failed = conditions.Find(condition => condition != ready && (string?)condition["status"] == "False" && Text(condition).Length > 0) ?? ready;
        return failed is null || Text(failed).Length == 0
            ? (WorkloadVerdict.Progressing, "the operator is installing it")
            : (WorkloadVerdict.Failed, $"{(string?)failed["type"]}: {Text(failed)}");
    }

    private static string Text(JsonObject condition) => (string?)condition["message"] is { Length: > 0 } message ? message : (string?)condition["reason"] ?? "";

    // An operator that does not tell what it has seen is taken at its word.
    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
