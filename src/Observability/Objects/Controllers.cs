using System.Text.RegularExpressions;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Objects;

/// <summary>What controls a pod, as people know it: the Deployment and not its ReplicaSet. Told from names, so that nothing more has to be watched. Pure.</summary>
internal static partial class Controllers
{
    /// <returns>The kind in lower case and the name; both "" for a pod that nobody controls, or only its node (a static pod).</returns>
    public static (string Kind, string Name) Of(ObjectMeta pod)
    {
        var owner = pod.OwnerReferences?.Find(reference => reference.Controller == true);
        if (owner is null or { Kind: "Node" })
            return ("", "");
        if (owner.Kind == "ReplicaSet")
            return Before(owner.Name, pod.Labels, "pod-template-hash") is { } deployment ? ("deployment", deployment)
                : Before(owner.Name, pod.Labels, "rollouts-pod-template-hash") is { } rollout ? ("rollout", rollout)
                : ("replicaset", owner.Name);
        if (owner.Kind == "Job")
            return ("job", ScheduledJob().Replace(owner.Name, ""));
        return (owner.Kind.ToLowerInvariant(), owner.Name);
    }

    private static string? Before(string name, Dictionary<string, string>? labels, string label) =>
        labels is not null && labels.TryGetValue(label, out var hash) && hash.Length > 0 && name.EndsWith($"-{hash}", StringComparison.Ordinal) ? name[..^(hash.Length + 1)] : null;

    /// <summary>A CronJob names its Jobs by the minute of their time since 1970; before Kubernetes 1.21 by the second.</summary>
    [GeneratedRegex(@"-\d{8,10}$", RegexOptions.NonBacktracking)]
    private static partial Regex ScheduledJob();
}
