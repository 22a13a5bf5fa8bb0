using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health;

/// <summary>The health of a workload, and the release that it belongs to. Pure.</summary>
internal static class WorkloadHealth
{
    private const string ReleaseNameAnnotation = "meta.helm.sh/release-name";
    private const string ReleaseNamespaceAnnotation = "meta.helm.sh/release-namespace";
    private const string InstanceLabel = "app.kubernetes.io/instance";

    /// <summary>Null for an object that belongs to no release.</summary>
    public static Workload? Of(DynamicObject workload)
    {
        if (ReleaseOf(workload) is not { } release)
            return null;
        var name = $"{workload.Kind} {workload.Key}";
        var (verdict, why) = WorkloadRollout.Of(workload);
        var id = new WorkloadId(workload.Kind ?? "", workload.Key, workload.Metadata.Uid ?? "", (long?)workload.At("metadata", "generation") ?? 0);
        return new Workload(release, id, verdict, verdict == WorkloadVerdict.Healthy ? "" : $"{name}: {why}");
    }

    private static ReleaseName? ReleaseOf(DynamicObject workload)
    {
        var ns = workload.Key.Namespace;
        if ((string?)workload.At("metadata", "annotations", ReleaseNameAnnotation) is { } annotated)
            return new ReleaseName((string?)workload.At("metadata", "annotations", ReleaseNamespaceAnnotation) ?? ns, annotated);
        return (string?)workload.At("metadata", "labels", InstanceLabel) is { } instance ? new ReleaseName(ns, instance) : null;
    }
}
