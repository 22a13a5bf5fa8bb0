using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>
/// From machines to the phase of a rollout: the control plane first, then the pools that waited for it, then what is left of before. Pure.
/// </summary>
internal static class RolloutPlanner
{
    public static RolloutPlan Plan(RolloutFacts facts)
    {
        var live = facts.Machines;
        var controlPlane = live.ControlPlane is { } owner ? Progress(owner, [.. live.ControlPlaneMachines]) : null;
        var controlPlaneDone = live.ControlPlane is null || IsDone(live.ControlPlane, [.. live.ControlPlaneMachines]);
        var pools = live.Pools.Select(pool => (Pool: pool, Machines: MachinesOf(pool, live), Done: IsDone(pool, MachinesOf(pool, live)))).ToList();
        var workers = pools.Count == 0 ? null : new MachineProgress
        {
            Version = string.Join(", ", pools.Select(pool => pool.Pool.Owner?.Version).OfType<string>().Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } versions ? versions : null,
            Updated = pools.Sum(pool => Updated(pool.Pool, pool.Machines)),
            Total = pools.Sum(pool => Wanted(pool.Pool)),
        };
        var held = live.Pools.Where(pool => pool.IsHeld).ToList();
        var workersDone = held.Count == 0 && pools.TrueForAll(pool => pool.Done);
        var inUse = UsedTemplates(live, controlPlaneDone && workersDone);
        var current = CurrentTemplates(live);
        var machinesDone = controlPlaneDone && workersDone;
        var stillUsed = facts.Superseded.Where(template => inUse.Contains(Identity(template)) && !current.Contains(Identity(template))).ToList();
        return new()
        {
            Phase = !controlPlaneDone ? UpgradePhases.ControlPlane : !workersDone || stillUsed.Count > 0 ? UpgradePhases.Workers : UpgradePhases.Completed,
            ControlPlane = controlPlane,
            Workers = workers,
            Continue = controlPlaneDone ? held : [],
            Delete = machinesDone ? [.. facts.Superseded.Where(template => !inUse.Contains(Identity(template)))] : [],
            Restore = machinesDone ? [.. facts.Superseded.Where(template => current.Contains(Identity(template)))] : [],
            Waits = !controlPlaneDone
                ? $"control plane: {Text(controlPlane)}{(held.Count > 0 ? $"; {string.Join(", ", held.Select(pool => pool.Object.Key.Name))} waits for it" : "")}"
                : !workersDone ? $"workers: {Text(workers)}"
                : stillUsed.Count > 0 ? $"machines of {string.Join(", ", stillUsed.Select(template => template.Object.Key.Name))} are still there" : "",
        };
    }

    /// <summary>References of everything that makes machines: which templates may not go.</summary>
    public static IEnumerable<JsonObject> References(LiveMachines live) =>
        new[] { live.ControlPlane }.OfType<LiveObject>().Concat(live.Pools).Concat(live.Sets).SelectMany(ReferencesOf);

    private static HashSet<(string, string)> CurrentTemplates(LiveMachines live) =>
        [.. new[] { live.ControlPlane }.OfType<LiveObject>().Concat(live.Pools).SelectMany(ReferencesOf).Select(Named)];

    // A set that makes no machines any more may stay for its history. While machines roll, each set may still need to replace one.
    private static HashSet<(string, string)> UsedTemplates(LiveMachines live, bool isDone) =>
    [
        .. CurrentTemplates(live),
        .. live.Sets.Where(set => !isDone || Number(set.Object, "spec", "replicas") > 0 || Number(set.Object, "status", "replicas") > 0)
            .SelectMany(ReferencesOf).Select(Named),
    ];

    private static IEnumerable<JsonObject> ReferencesOf(LiveObject item)
    {
        var spec = item.Object.Root["spec"];
        JsonNode?[] places =
        [
            spec?["machineTemplate"]?["spec"]?["infrastructureRef"] ?? spec?["machineTemplate"]?["infrastructureRef"],
            spec?["template"]?["spec"]?["infrastructureRef"],
            spec?["template"]?["spec"]?["bootstrap"]?["configRef"],
        ];
        return places.OfType<JsonObject>();
    }

    private static (string Kind, string Name) Named(JsonObject reference) => ((string?)reference["kind"] ?? "", (string?)reference["name"] ?? "");

    private static (string Kind, string Name) Identity(LiveObject item) => (item.Kind.Kind, item.Object.Key.Name);

    private static IReadOnlyList<DynamicObject> MachinesOf(LiveObject pool, LiveMachines live) =>
        pool.Kind.Kind == "MachinePool"
            ? []
            : [.. live.Machines.Where(machine => machine.Metadata.Labels?.GetValueOrDefault(LiveMachines.PoolLabel) == pool.Object.Key.Name)];

    private static MachineProgress Progress(LiveObject owner, IReadOnlyList<DynamicObject> machines) =>
        new() { Version = owner.Owner?.Version, Updated = Updated(owner, machines), Total = Wanted(owner) };

    /// <summary>Its controller has seen the change, and all machines are as wanted, no older one among them.</summary>
    private static bool IsDone(LiveObject owner, IReadOnlyList<DynamicObject> machines)
    {
        var item = owner.Object;
        if (Number(item, "status", "observedGeneration") is { } seen && seen < item.Metadata.Generation)
            return false;
        var version = owner.Owner?.Version;
        if (owner.Owner is { IsControlPlane: true } && (string?)item.At("status", "version") is { Length: > 0 } reported && version is not null && !IsSame(reported, version))
            return false;
        if (owner.Owner is { HasMachines: false })
            return true;
        var wanted = Wanted(owner);
        return Updated(owner, machines) >= wanted
            && (Number(item, "status", "replicas") ?? wanted) == wanted
            && (Number(item, "status", "readyReplicas") ?? wanted) >= wanted
            && machines.All(machine => !machine.Metadata.IsBeingDeleted)
            && machines.All(machine => version is null || (string?)machine.At("spec", "version") is not { } other || IsSame(other, version));
    }

    // Managed control planes answer 1.33 to 1.33.2, and the other way round.
    private static bool IsSame(string one, string other) =>
        one == other
        || (MachineOwner.Parse(one) is { } left && MachineOwner.Parse(other) is { } right && left.CompareTo(right) == 0)
        || one.TrimStart('v').StartsWith(other.TrimStart('v') + ".", StringComparison.Ordinal)
        || other.TrimStart('v').StartsWith(one.TrimStart('v') + ".", StringComparison.Ordinal);

    private static int Updated(LiveObject owner, IReadOnlyList<DynamicObject> machines) =>
        Number(owner.Object, "status", "upToDateReplicas") is { } counted ? (int)counted
        : Number(owner.Object, "status", "updatedReplicas") is { } before ? (int)before
        : machines.Count > 0 ? machines.Count(machine => machine.At("status", "nodeRef") is not null && (string?)machine.At("spec", "version") == owner.Owner?.Version)
        : (int)(Number(owner.Object, "status", "readyReplicas") ?? 0);

    private static int Wanted(LiveObject owner) =>
        owner.Owner is { HasMachines: false } ? (int)(Number(owner.Object, "status", "replicas") ?? 0) : owner.Owner?.Replicas ?? (int)(Number(owner.Object, "status", "replicas") ?? 0);

    private static long? Number(DynamicObject item, params ReadOnlySpan<string> path) =>
        MachineOwner.Number(item.At(path));

    private static string Text(MachineProgress? progress) =>
        progress is null ? "being changed" : $"{progress.Updated}/{progress.Total} machines {(progress.Version is { } version ? $"at {version}" : "as wanted")}";
}
