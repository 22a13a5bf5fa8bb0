using Fleet.Contracts.Upgrades;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>What has to be done before helm upgrades the release of a cluster that exists. Pure.</summary>
internal sealed record UpgradePreparation
{
    /// <summary>The rule that holds the upgrade; null when it may go on.</summary>
    public PlanBlocker? HeldBy { get; init; }

    /// <summary>Worker pools that are kept paused until the control plane has its new version; some may not exist yet.</summary>
    public IReadOnlyList<RenderedObject> Hold { get; init; } = [];

    /// <summary>Machine templates that leave the release while machines may still be made of them: helm must not delete them.</summary>
    public IReadOnlyList<RenderedObject> Keep { get; init; } = [];

    public static UpgradePreparation Of(UpgradeFacts facts)
    {
        List<MachineOwner> owners = [.. (facts.Wanted ?? []).Select(MachineOwner.Of).OfType<MachineOwner>()];
        if (facts.Problems.Concat(VersionSkew.Blockers(facts.Versions, owners)).FirstOrDefault() is { } blocker)
            return new() { HeldBy = blocker };
        var wanted = (facts.Wanted ?? []).Select(item => item.Identity).ToHashSet();
        return new()
        {
            Hold = [.. VersionSkew.HaveToWait(facts.Versions, owners).Select(pool => pool.Item)],
            Keep = [.. facts.Current.Concat(facts.HalfMade).Where(item => item.IsMachineTemplate && !wanted.Contains(item.Identity)).DistinctBy(item => item.Identity)],
        };
    }
}
