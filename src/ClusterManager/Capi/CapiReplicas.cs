using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Capi;

/// <summary>How many nodes a CAPI Cluster is to have. Pure.</summary>
internal static class CapiReplicas
{
    /// <summary>
    /// From the counters that a Cluster keeps since contract v1beta2; null when it has none. The replicas of a hosted control plane are pods
    /// elsewhere: only one that makes Machines counts.
    /// </summary>
    public static int? Wanted(JsonObject cluster, JsonObject? controlPlane)
    {
        var status = cluster["status"];
        var counters = status?["workers"] is not null || status?["controlPlane"] is not null ? status : status?["v1beta2"];
        var workers = Number(counters?["workers"]?["desiredReplicas"]);
        var masters = Number(counters?["controlPlane"]?["desiredReplicas"]);
        if (workers is null && masters is null)
            return null;
        return (workers ?? 0) + (controlPlane is null || MakesMachines(controlPlane) ? masters ?? 0 : 0);
    }

    /// <summary>From the specs of what makes Machines, for Clusters without counters.</summary>
    public static int Wanted(JsonObject? controlPlane, IEnumerable<JsonObject> workers) =>
        (controlPlane is not null && MakesMachines(controlPlane) ? Replicas(controlPlane) : 0) + workers.Sum(Replicas);

    // The contract's field for control planes with machines; Talos has its own.
    private static bool MakesMachines(JsonObject controlPlane) =>
        controlPlane["spec"]?["machineTemplate"] is not null || controlPlane["spec"]?["infrastructureTemplate"] is not null;

    // The API's default.
    private static int Replicas(JsonObject owner) => Number(owner["spec"]?["replicas"]) ?? 1;

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
