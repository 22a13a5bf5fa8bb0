namespace Fleet.StateManager.Health.Rules;

/// <summary>OpenKruise's workloads. Counters that are zero are left out of their status, so that what is missing counts as none.</summary>
internal static class KruiseRules
{
    private const string Group = "apps.kruise.io";

    public static IEnumerable<(string Group, string Kind, Func<ObservedObject, ObjectVerdict> Judge)> All =>
    [
        (Group, "CloneSet", CloneSet),
        (Group, "StatefulSet", StatefulSet),
        (Group, "DaemonSet", DaemonSet),
        (Group, "SidecarSet", SidecarSet),
        (Group, "UnitedDeployment", UnitedDeployment),
        (Group, "WorkloadSpread", WorkloadSpread),
        ("policy.kruise.io", "PodUnavailableBudget", UnavailableBudget),
        ("rollouts.kruise.io", "Rollout", Rollout),
    ];

    private static ObjectVerdict CloneSet(ObservedObject set)
    {
        if (NotSeen(set) is { } waiting)
            return waiting;
        if (set.Condition("Progressing") is { Reason: "ProgressDeadlineExceeded" } late)
            return ObjectVerdict.Failed(late.Say("its rollout exceeded its deadline"));
        foreach (var type in (ReadOnlySpan<string>)["FailedScale", "FailedUpdate"])
            if (set.Condition(type) is { IsTrue: true } failed)
                return ObjectVerdict.Failed(failed.Say(type));
        var wanted = set.Number("spec", "replicas") ?? 1;
        var onDelete = set.Text("spec", "updateStrategy", "type") == "OnDelete";
        // Pods below the partition stay old on purpose. Older controllers do not tell how many are expected.
        var partition = set.Share(wanted, "spec", "updateStrategy", "partition") is > 0 and var below
            ? below
            : set.Share(wanted, "spec", "updateStrategy", "rollingUpdate", "partition");
        var expected = onDelete ? 0 : set.Number("status", "expectedUpdatedReplicas") ?? Math.Max(0, wanted - partition);
        var moving = Replicas(set, wanted) ?? Short(Math.Min(Updated(set), set.Count("status", "updatedReplicas")), expected, "updated replicas are available")
            ?? Short(set.Count("status", "availableReplicas"), wanted, "replicas are available");
        return Unless(set.Is("spec", "updateStrategy", "paused") || set.Is("spec", "updateStrategy", "rollingUpdate", "paused"), moving);
    }

    private static ObjectVerdict StatefulSet(ObservedObject set)
    {
        if (NotSeen(set) is { } waiting)
            return waiting;
        var wanted = set.Number("spec", "replicas") ?? 1;
        var onDelete = set.Text("spec", "updateStrategy", "type") == "OnDelete";
        var expected = onDelete ? 0 : Math.Max(0, wanted - set.Count("spec", "updateStrategy", "rollingUpdate", "partition"));
        var moving = Replicas(set, wanted) ?? Short(Math.Min(Updated(set), set.Count("status", "updatedReplicas")), expected, "updated replicas are available")
            ?? Short(set.Count("status", "readyReplicas"), wanted, "replicas are ready");
        return Unless(set.Is("spec", "updateStrategy", "rollingUpdate", "paused"), moving);
    }

    private static ObjectVerdict DaemonSet(ObservedObject set)
    {
        if (NotSeen(set) is { } waiting)
            return waiting;
        var wanted = set.Count("status", "desiredNumberScheduled");
        var onDelete = set.Text("spec", "updateStrategy", "type") == "OnDelete";
        var expected = onDelete ? 0 : Math.Max(0, wanted - set.Share(wanted, "spec", "updateStrategy", "rollingUpdate", "partition"));
        var moving = Short(set.Count("status", "updatedNumberScheduled"), expected, "nodes have the new pod")
            ?? Short(set.Count("status", "numberAvailable"), wanted, "pods are available");
        return Unless(set.Is("spec", "updateStrategy", "rollingUpdate", "paused"), moving);
    }

    private static ObjectVerdict SidecarSet(ObservedObject set)
    {
        if (NotSeen(set) is { } waiting)
            return waiting;
        var matched = set.Count("status", "matchedPods");
        if (set.Text("spec", "updateStrategy", "type") == "NotUpdate")
            return Unless(false, Short(set.Count("status", "readyPods"), matched, "pods are ready"));
        var expected = Math.Max(0, matched - set.Share(matched, "spec", "updateStrategy", "partition"));
        var moving = Short(set.Count("status", "updatedPods"), expected, "pods have the new sidecar")
            ?? Short(set.Count("status", "updatedReadyPods"), expected, "pods with the new sidecar are ready");
        return Unless(set.Is("spec", "updateStrategy", "paused"), moving);
    }

    private static ObjectVerdict UnitedDeployment(ObservedObject deployment)
    {
        if (NotSeen(deployment) is { } waiting)
            return waiting;
        foreach (var subset in deployment.Items("status", "subsetStatuses"))
            if (ObservedObject.Find((subset["conditions"] as System.Text.Json.Nodes.JsonArray ?? []).OfType<System.Text.Json.Nodes.JsonObject>(), "Schedulable") is { IsFalse: true } unfit)
                return ObjectVerdict.Progressing($"subset {ObservedObject.TextOf(subset["name"])}: {unfit.Say("its pods cannot be scheduled")}");
        if (deployment.Count("status", "reservedPods") is > 0 and var reserved)
            return ObjectVerdict.Progressing($"{reserved} pods are kept in reserve for want of room");
        var wanted = deployment.Number("spec", "replicas") ?? deployment.Count("status", "replicas");
        // The sum of what the subsets keep old on purpose is in their own partitions.
        var old = deployment.Items("status", "subsetStatuses").Sum(s => ObservedObject.NumberOf(s["partition"]) ?? 0);
        return Unless(false, Replicas(deployment, wanted)
            ?? Short(deployment.Count("status", "updatedReadyReplicas"), Math.Max(0, wanted - old), "updated replicas are ready")
            ?? Short(deployment.Count("status", "readyReplicas"), wanted, "replicas are ready"));
    }

    private static ObjectVerdict WorkloadSpread(ObservedObject spread)
    {
        if (NotSeen(spread) is { } waiting)
            return waiting;
        var subsets = spread.Items("status", "subsetStatuses").ToList();
        var unfit = subsets.Where(s => ObservedObject.Find((s["conditions"] as System.Text.Json.Nodes.JsonArray ?? []).OfType<System.Text.Json.Nodes.JsonObject>(), "Schedulable").IsFalse).ToList();
        if (subsets.Count > 0 && unfit.Count == subsets.Count)
            return ObjectVerdict.Progressing("no subset has room for its pods");
        // −1 is a subset without a bound: it never misses one.
        return subsets.Find(s => ObservedObject.NumberOf(s["missingReplicas"]) is > 0) is { } missing
            ? ObjectVerdict.Progressing($"subset {ObservedObject.TextOf(missing["name"])} misses {ObservedObject.NumberOf(missing["missingReplicas"])} replicas")
            : ObjectVerdict.Healthy;
    }

    private static ObjectVerdict UnavailableBudget(ObservedObject budget)
    {
        if (NotSeen(budget) is { } waiting)
            return waiting;
        var (available, desired) = (budget.Count("status", "currentAvailable"), budget.Count("status", "desiredAvailable"));
        return available < desired ? ObjectVerdict.Progressing($"{available} pods are available where {desired} must be") : ObjectVerdict.Healthy;
    }

    private static ObjectVerdict Rollout(ObservedObject rollout)
    {
        var message = rollout.Text("status", "message") is { Length: > 0 } said ? said : $"it is {rollout.Text("status", "phase")}";
        var step = rollout.Text("status", "canaryStatus", "currentStepState") is { Length: > 0 } canary ? canary : rollout.Text("status", "blueGreenStatus", "currentStepState");
        return rollout.Text("status", "phase") switch
        {
            "Healthy" when step is "" or "Completed" => ObjectVerdict.Healthy,
            "Disabled" => ObjectVerdict.Suspended("it is disabled"),
            "" => ObjectVerdict.Progressing("it has no phase yet"),
            _ when rollout.Is("spec", "strategy", "paused") || step == "StepPaused" => ObjectVerdict.Suspended(message),
            _ => ObjectVerdict.Progressing(message),
        };
    }

    private static ObjectVerdict? NotSeen(ObservedObject item) =>
        item.ObservedGeneration is null ? ObjectVerdict.Progressing("its controller has not seen it yet") : null;

    private static long Updated(ObservedObject set) =>
        set.Number("status", "updatedAvailableReplicas") ?? set.Number("status", "updatedReadyReplicas")
        // v1alpha1 of the StatefulSet counts neither; there, new pods that are ready are no more than the ready ones.
        ?? (set.Kind == "StatefulSet" && set.Item.ApiVersion == "apps.kruise.io/v1alpha1" ? Math.Min(set.Count("status", "updatedReplicas"), set.Count("status", "readyReplicas")) : 0);

    private static ObjectVerdict? Replicas(ObservedObject set, long wanted)
    {
        var there = set.Count("status", "replicas");
        if (there > wanted)
            return ObjectVerdict.Progressing($"{there - wanted} replicas too many are still there");
        return Short(there, wanted, "replicas exist");
    }

    private static ObjectVerdict? Short(long have, long want, string what) =>
        have < want ? ObjectVerdict.Progressing($"{have} of {want} {what}") : null;

    private static ObjectVerdict Unless(bool paused, ObjectVerdict? moving) => moving switch
    {
        null => ObjectVerdict.Healthy,
        { } verdict when paused => ObjectVerdict.Suspended($"it is paused: {verdict.Why}"),
        { } verdict => verdict,
    };
}
