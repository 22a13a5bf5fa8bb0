using Fleet.ClusterManager.Components;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Managements;

/// <summary>Conditions and status of a Management that is not being deleted. Pure.</summary>
internal static class ManagementConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType>
    {
        SharedConditions.Ready, SharedConditions.Deleting, ComponentsConditions.UpgradeBackupCompleted,
    };

    public static IReadOnlyList<Condition> All(ManagementFacts facts, ManagementGate? gate, ComponentsReport report)
    {
        List<Condition> conditions = [];
        // An upgrade that is done has nothing to wait for.
        if (ManagementGate.Backup(facts) is { } backup && !IsInstalled(gate, report))
            conditions.Add(backup);
        // The reasons are upstream's own, which the summary of other kinds does not have.
        conditions.Add(Ready(facts, gate, report));
        return [.. conditions.Select(condition => condition with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }

    public static ManagementStatus Status(ManagementFacts facts, ManagementGate? gate, ComponentsReport report) => report.Into(new ManagementStatus
    {
        // Only what is wholly there is installed.
        Release = IsInstalled(gate, report) ? facts.Object.Spec.Release : facts.Object.Status?.Release,
        BackupName = facts.Backups.LastOrDefault(backup => backup.Exists)?.Name ?? facts.Object.Status?.BackupName,
        ObservedGeneration = facts.Object.Metadata.Generation,
    });

    private static bool IsInstalled(ManagementGate? gate, ComponentsReport report) => gate is null && report.IsInOrder;

    private static Condition Ready(ManagementFacts facts, ManagementGate? gate, ComponentsReport report)
    {
        if (gate is not null)
            return Condition.False(SharedConditions.Ready, gate.Reason, string.Join(". ", report.Problems.Prepend(gate.Message)));
        if (!report.IsInOrder)
            return Condition.False(SharedConditions.Ready, ComponentsConditions.NotAllComponentsHealthy, string.Join(". ", report.Problems));
        return Condition.True(SharedConditions.Ready, ComponentsConditions.AllComponentsHealthy, "All components are healthy" + MoreProviders(facts));
    }

    /// <summary>Providers of a release are never enabled by themselves; that there are some is said.</summary>
    private static string MoreProviders(ManagementFacts facts)
    {
        var enabled = (facts.Object.Spec.Providers ?? []).Select(provider => provider.Name).ToHashSet(StringComparer.Ordinal);
        var more = (facts.Release?.Spec.Providers ?? []).Select(provider => provider.Name).Where(name => !enabled.Contains(name)).Order(StringComparer.Ordinal).ToList();
        return more.Count == 0
            ? ""
            : $". Release {facts.Object.Spec.Release} also has {string.Join(", ", more)}: to install one add \"- name: {more[0]}\" to spec.providers";
    }
}
