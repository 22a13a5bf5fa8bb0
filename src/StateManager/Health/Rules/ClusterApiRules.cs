using System.Text.Json.Nodes;

namespace Fleet.StateManager.Health.Rules;

/// <summary>
/// Cluster API. Its version v1beta2 tells by Available and negative conditions; v1beta1 tells by Ready with a severity, and later releases of it also
/// carry the newer conditions under <c>status.v1beta2</c>, which say more.
/// </summary>
internal static class ClusterApiRules
{
    private const string Core = "cluster.x-k8s.io";
    private const string ControlPlane = "controlplane.cluster.x-k8s.io";

    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        (Core, "Cluster", item => Of(item, "Provisioned")),
        (Core, "Machine", item => Of(item, "Running")),
        (Core, "MachineDeployment", item => Of(item, "Running", ("status", "upToDateReplicas", "updatedReplicas"))),
        (Core, "MachineSet", item => Of(item, "")),
        (Core, "MachinePool", item => Of(item, "Running")),
        (Core, "MachineHealthCheck", HealthCheck),
        (ControlPlane, "KubeadmControlPlane", item => Of(item, "", ("status", "upToDateReplicas", "updatedReplicas"))),
    ];

    private static ObjectVerdict Of(ObservedObject item, string phase, (string Status, string New, string Old)? upToDate = null)
    {
        if (item.Text("status", "failureMessage") is { Length: > 0 } failure)
            return ObjectVerdict.Failed(failure);
        if (item.Text("status", "phase") == "Failed")
            return ObjectVerdict.Failed(Newest(item, "Available").Say("it has failed"));
        if (!item.HasStatus)
            return ObjectVerdict.Progressing("its controller has not seen it yet");
        var verdict = Conditions(item) ?? Phase(item, phase) ?? Replicas(item, upToDate) ?? ObjectVerdict.Healthy;
        var isPaused = item.Is("spec", "paused") || item.Item.At("metadata", "annotations", "cluster.x-k8s.io/paused") is not null;
        return isPaused && verdict != ObjectVerdict.Healthy ? ObjectVerdict.Suspended($"it is paused: {verdict.Why}") : verdict;
    }

    private static ObjectVerdict? Conditions(ObservedObject item)
    {
        foreach (var type in (ReadOnlySpan<string>)["RollingOut", "ScalingUp", "ScalingDown", "Remediating"])
            if (Newest(item, type) is { IsTrue: true } moving)
                return ObjectVerdict.Progressing($"{type}: {moving.Say("in progress")}");
        if (Newest(item, "Available") is { IsThere: true } available)
            return Stale(item, available) ?? (available.IsTrue ? null : ObjectVerdict.Progressing(available.Say("it is not available yet")));
        if (item.Condition("Ready") is not { IsThere: true } ready)
            return null;
        if (ready.IsTrue)
            return null;
        return ready.IsFalse && ready.Severity == "Error"
            ? ObjectVerdict.Failed(ready.Say("it is not ready"))
            : Stale(item, ready) ?? ObjectVerdict.Progressing(ready.Say("it is not ready yet"));
    }

    private static ObjectVerdict? Stale(ObservedObject item, ObservedCondition condition) =>
        condition.ObservedGeneration is { } seen && seen < item.Generation ? ObjectVerdict.Progressing($"{condition.Type} is about an older spec") : null;

    private static ObjectVerdict? Phase(ObservedObject item, string wanted) =>
        wanted.Length > 0 && item.Text("status", "phase") is { Length: > 0 } phase && phase != wanted ? ObjectVerdict.Progressing($"it is {phase}") : null;

    private static ObjectVerdict? Replicas(ObservedObject item, (string Status, string New, string Old)? upToDate)
    {
        if (item.Number("spec", "replicas") is not { } wanted)
            return null;
        var ready = item.Count("status", "readyReplicas");
        if (ready < wanted)
            return ObjectVerdict.Progressing($"{ready} of {wanted} machines are ready");
        if (upToDate is not var (status, newer, older))
            return null;
        var updated = item.Number(status, newer) ?? item.Count(status, older);
        return updated < wanted ? ObjectVerdict.Progressing($"{updated} of {wanted} machines are up to date") : null;
    }

    private static ObjectVerdict HealthCheck(ObservedObject check) =>
        Newest(check, "RemediationAllowed") is { IsFalse: true } denied ? ObjectVerdict.Progressing(denied.Say("too many machines are unhealthy to remedy them")) : ObjectVerdict.Healthy;

    private static ObservedCondition Newest(ObservedObject item, string type)
    {
        var newer = ObservedObject.Find((item.Item.At("status", "v1beta2", "conditions") as JsonArray ?? []).OfType<JsonObject>(), type);
        return newer.IsThere ? newer : item.Condition(type);
    }
}
