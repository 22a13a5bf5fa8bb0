using Fleet.Contracts.Upgrades;
using Fleet.Helm.Versions;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>
/// What Kubernetes allows between an API server and kubelets (kubernetes.io, "Version Skew Policy"), and which worker pools therefore have to wait
/// for the control plane. Versions are compared by major and minor; patches do not matter for skew. Pure.
/// </summary>
internal static class VersionSkew
{
    /// <summary>How much older a kubelet may be. Before 1.28 it was two.</summary>
    private const ulong MostMinorsBehind = 3;

    private static readonly SemanticVersion ThreeBehindSince = SemanticVersion.Of(1, 28, 0);

    public static IReadOnlyList<PlanBlocker> Blockers(ClusterVersions now, IReadOnlyList<MachineOwner> wanted)
    {
        var controlPlane = MachineOwner.Parse(wanted.FirstOrDefault(owner => owner.IsControlPlane)?.Version);
        if (controlPlane is null)
            return [];
        return [.. ControlPlane(now, controlPlane), .. wanted.Where(owner => !owner.IsControlPlane).SelectMany(pool => Workers(now, controlPlane, pool))];
    }

    /// <summary>Worker pools that get a version which the oldest API server does not have yet.</summary>
    public static IReadOnlyList<MachineOwner> HaveToWait(ClusterVersions now, IReadOnlyList<MachineOwner> wanted) =>
        now.ControlPlane is not { } oldest
            ? []
            : [.. wanted.Where(owner => !owner.IsControlPlane && MachineOwner.Parse(owner.Version) is { } version && version > oldest)];

    private static IEnumerable<PlanBlocker> ControlPlane(ClusterVersions now, SemanticVersion wanted)
    {
        if (now.ControlPlane is { } oldest && (wanted.Major != oldest.Major || wanted.Minor > oldest.Minor + 1))
            yield return new(
                PlanRules.ControlPlaneSkipsMinor,
                $"the control plane is at {oldest} and can go to v{oldest.Major}.{oldest.Minor + 1} next, not to {wanted}: a control plane is upgraded one minor version at a time");
        if (now.NewestControlPlane is { } newest && IsOlder(wanted, newest))
            yield return new(
                PlanRules.ControlPlaneDowngrade,
                $"the control plane already runs {newest} and cannot go back to {wanted}: Kubernetes does not support an older minor version on the same data");
    }

    private static IEnumerable<PlanBlocker> Workers(ClusterVersions now, SemanticVersion controlPlane, MachineOwner pool)
    {
        // Kubelets stay as they are while the control plane is upgraded, so their version now counts, too.
        var wanted = MachineOwner.Parse(pool.Version);
        var present = now.Workers.GetValueOrDefault(pool.Item.Name);
        if (wanted is not null && IsOlder(controlPlane, wanted))
            yield return new(
                PlanRules.WorkersNewerThanControlPlane,
                $"{pool.Title} would get {wanted} with a control plane at {controlPlane}: a kubelet must not be newer than the API server");
        var oldest = present is not null && (wanted is null || present < wanted) ? present : wanted;
        var most = controlPlane < ThreeBehindSince ? 2 : MostMinorsBehind;
        if (oldest is not null && (oldest.Major != controlPlane.Major || oldest.Minor + most < controlPlane.Minor))
            yield return new(
                PlanRules.WorkersTooOld,
                $"{pool.Title} would be at {oldest} with a control plane at {controlPlane}: a kubelet may be {most} minor versions older than the API server; upgrade the workers first");
    }

    private static bool IsOlder(SemanticVersion one, SemanticVersion other) => (one.Major, one.Minor).CompareTo((other.Major, other.Minor)) < 0;
}
