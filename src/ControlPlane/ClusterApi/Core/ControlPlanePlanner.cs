using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>A control plane's Machine, and in what it differs from what the control plane asks for now (null: in nothing).</summary>
internal sealed record ControlPlaneMachine(JsonObject Machine, string? Outdated, bool OnlyVersion = false)
{
    public bool IsUpToDate => Outdated is null;

    public ObjectKey Key => Machine.KeyOf();
}

/// <summary>What a control plane does about its Machines.</summary>
internal enum ControlPlaneAction { None, Create, Delete, ChangeVersion }

/// <summary>One step: at most one Machine is made, removed or changed at a time. <paramref name="Waits"/> says what a wanted step waits for.</summary>
internal readonly record struct ControlPlaneStep(ControlPlaneAction Action, ObjectKey Machine = default, string? FailureDomain = null, string? Waits = null);

/// <summary>
/// The steps of a control plane with Machines, by the rules of the kubeadm control plane: the first Machine alone until the cluster is
/// initialized, then one at a time and only while all others are well; a rollout goes out by one, then in by one. Pure.
/// </summary>
internal static class ControlPlanePlanner
{
    public static ControlPlaneStep Plan(JsonObject controlPlane, IReadOnlyList<ControlPlaneMachine> machines, IReadOnlyList<string> failureDomains)
    {
        var wanted = controlPlane.Number("spec", "replicas") ?? 1;
        var active = machines.Where(m => !m.Machine.IsDeleting()).ToList();
        var initialized = controlPlane.Flag("status", "initialization", "controlPlaneInitialized") || active.Exists(m => m.Machine.HasNode());
        if (!initialized)
            return machines.Count == 0 && wanted > 0 ? new(ControlPlaneAction.Create, FailureDomain: Emptiest(active, failureDomains)) : default;
        if (active.Count > 1 && active.Find(m => m.Machine.FindCondition("OwnerRemediated")?.Text("status") == "False") is { } broken)
            return Remove(broken, machines);
        var outdated = active.Where(m => !m.IsUpToDate).ToList();
        if (outdated.Count > 0)
            return RollOut(controlPlane, wanted, outdated, active, machines, failureDomains);
        if (active.Count < wanted)
            return Create(machines, active, failureDomains);
        return active.Count > wanted ? Remove(Victim(active, active), machines) : default;
    }

    private static ControlPlaneStep RollOut(JsonObject controlPlane, int wanted, List<ControlPlaneMachine> outdated, List<ControlPlaneMachine> active,
        IReadOnlyList<ControlPlaneMachine> machines, IReadOnlyList<string> failureDomains)
    {
        if (controlPlane.Text("spec", "updateStrategy") == "InPlace" && outdated.TrueForAll(m => m.OnlyVersion))
        {
            return Trouble(machines, except: null) is { } trouble
                ? new(ControlPlaneAction.None, Waits: trouble)
                : new(ControlPlaneAction.ChangeVersion, Oldest(outdated).Key);
        }
        // Out by one first, so that there is never one too few; with maxSurge 0 in by one first, which needs three to keep a quorum.
        return active.Count < wanted + (Surge(controlPlane, wanted) ? 1 : 0) ? Create(machines, active, failureDomains) : Remove(Victim(outdated, active), machines);
    }

    private static bool Surge(JsonObject controlPlane, int wanted)
    {
        var surge = controlPlane.At("spec", "rollout", "strategy", "rollingUpdate", "maxSurge") ?? controlPlane.At("spec", "rolloutStrategy", "rollingUpdate", "maxSurge");
        return wanted < 3 || (surge?.ToString() != "0" && controlPlane.Text("spec", "updateStrategy") != "RecreateDeleteFirst");
    }

    private static ControlPlaneStep Create(IReadOnlyList<ControlPlaneMachine> machines, List<ControlPlaneMachine> active, IReadOnlyList<string> failureDomains) =>
        Trouble(machines, except: null) is { } trouble
            ? new(ControlPlaneAction.None, Waits: trouble)
            : new(ControlPlaneAction.Create, FailureDomain: Emptiest(active, failureDomains));

    private static ControlPlaneStep Remove(ControlPlaneMachine victim, IReadOnlyList<ControlPlaneMachine> machines) =>
        Trouble(machines, except: victim) is { } trouble
            ? new(ControlPlaneAction.None, Waits: trouble)
            : new(ControlPlaneAction.Delete, victim.Key);

    /// <summary>The check before each step: no Machine is going, all but the one that is to go are ready.</summary>
    private static string? Trouble(IReadOnlyList<ControlPlaneMachine> machines, ControlPlaneMachine? except)
    {
        foreach (var machine in machines.Where(m => m != except))
        {
            if (machine.Machine.IsDeleting())
                return $"Machine {machine.Key.Name} is being deleted";
            if (!machine.Machine.IsMachineReady())
                return $"Machine {machine.Key.Name} is not ready";
        }
        return null;
    }

    /// <summary>A marked one, else a broken one, else the oldest of the failure domain that has most.</summary>
    private static ControlPlaneMachine Victim(List<ControlPlaneMachine> choice, List<ControlPlaneMachine> active) => choice
        .OrderByDescending(m => m.Machine.Annotation(CapiNames.DeleteMachineAnnotation) is not null)
        .ThenBy(m => m.Machine.IsMachineReady())
        .ThenByDescending(m => active.Count(a => Domain(a) == Domain(m)))
        .ThenBy(m => m.Machine.CreatedAt()).ThenBy(m => m.Key.Name, StringComparer.Ordinal).First();

    private static ControlPlaneMachine Oldest(List<ControlPlaneMachine> choice) =>
        choice.OrderBy(m => m.Machine.CreatedAt()).ThenBy(m => m.Key.Name, StringComparer.Ordinal).First();

    /// <summary>Where the next Machine goes: the domain with the fewest that are as wanted.</summary>
    private static string? Emptiest(List<ControlPlaneMachine> active, IReadOnlyList<string> domains) => domains
        .OrderBy(d => active.Count(m => m.IsUpToDate && Domain(m) == d)).ThenBy(d => active.Count(m => Domain(m) == d)).ThenBy(d => d, StringComparer.Ordinal)
        .FirstOrDefault();

    private static string? Domain(ControlPlaneMachine machine) => machine.Machine.Text("spec", "failureDomain");
}
