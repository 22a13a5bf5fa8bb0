using Fleet.Contracts.Upgrades;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>A plan in one line. Pure.</summary>
internal static class UpgradeSummary
{
    public static string Of(ClusterUpgradePlan plan)
    {
        if (!plan.HasChanges)
            return "no changes";
        List<string> objects = [.. Counted((plan.Created.Count, "create"), (plan.Changed.Count, "change"), (plan.Replaced.Count, "replace"), (plan.Removed.Count, "remove"))];
        List<string> machines = [.. plan.Rollouts.Select(Machines).OfType<string>()];
        var text = $"would {string.Join(", ", objects)}";
        return machines.Count == 0 ? text : $"{text}; {string.Join(", ", machines)}";
    }

    private static IEnumerable<string> Counted(params (int Count, string Verb)[] parts)
    {
        var some = parts.Where(part => part.Count > 0).ToList();
        return some.Select((part, index) => index == 0
            ? $"{part.Verb} {part.Count} {(part.Count == 1 ? "object" : "objects")}"
            : $"{part.Verb} {part.Count}");
    }

    private static string? Machines(PlannedRollout rollout)
    {
        var role = rollout.Role == "ControlPlane" ? "control plane" : "workers";
        if (rollout.Rolls)
            return $"roll {rollout.MachinesWanted ?? rollout.Machines} {(role == "workers" ? "worker" : role)} machines of {rollout.Name}";
        return rollout.Machines != rollout.MachinesWanted ? $"{role} {rollout.Name} {rollout.Machines} → {rollout.MachinesWanted}" : null;
    }
}
