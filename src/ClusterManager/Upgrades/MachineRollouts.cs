using System.Text.Json.Nodes;
using Fleet.Contracts.Upgrades;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Which machines a change replaces, and why. The rules are Cluster API's. Pure.</summary>
internal static class MachineRollouts
{
    /// <summary>Only those that something happens to; the control plane first.</summary>
    public static IReadOnlyList<PlannedRollout> Between(
        IReadOnlyList<RenderedObject> from, IReadOnlyList<RenderedObject> to, IReadOnlyCollection<string> held)
    {
        var before = Owners(from);
        var after = Owners(to);
        return
        [
            .. before.Keys.Concat(after.Keys).Distinct()
                .Select(identity => Of(before.GetValueOrDefault(identity), after.GetValueOrDefault(identity), held))
                .OfType<PlannedRollout>()
                .OrderBy(rollout => rollout.Role, StringComparer.Ordinal)
                .ThenBy(rollout => rollout.Name, StringComparer.Ordinal),
        ];
    }

    private static Dictionary<(string, string, Kubernetes.Objects.ObjectKey), MachineOwner> Owners(IReadOnlyList<RenderedObject> objects) =>
        objects.Select(MachineOwner.Of).OfType<MachineOwner>().DistinctBy(owner => owner.Item.Identity).ToDictionary(owner => owner.Item.Identity);

    private static PlannedRollout? Of(MachineOwner? from, MachineOwner? to, IReadOnlyCollection<string> held)
    {
        var owner = (to ?? from)!;
        var why = from is null || to is null ? [] : Why(from, to).ToList();
        var resized = from?.Replicas != to?.Replicas || from is null || to is null;
        if (why.Count == 0 && !resized)
            return null;
        var rolls = why.Count > 0 && owner.HasMachines;
        return new()
        {
            Kind = owner.Item.Kind,
            Name = owner.Item.Name,
            Role = owner.IsControlPlane ? "ControlPlane" : "Workers",
            Machines = from is null ? 0 : from.HasMachines ? from.Replicas : null,
            MachinesWanted = to is null ? 0 : to.HasMachines ? to.Replicas : null,
            Rolls = rolls,
            Reasons = from is null ? ["new"] : to is null ? ["removed"] : resized ? [.. why, Resize(from, to)] : why,
            MaxSurge = rolls ? owner.MaxSurge : null,
            AfterControlPlane = held.Contains(owner.Item.Name) && !owner.IsControlPlane,
        };
    }

    private static IEnumerable<string> Why(MachineOwner from, MachineOwner to)
    {
        if (from.Version != to.Version)
            yield return $"version {from.Version ?? "(none)"} → {to.Version ?? "(none)"}";
        if (!JsonNode.DeepEquals(Named(from.Infrastructure), Named(to.Infrastructure)))
            yield return $"{(string?)to.Infrastructure?["kind"] ?? "infrastructureRef"} {(string?)from.Infrastructure?["name"] ?? "(none)"} → {(string?)to.Infrastructure?["name"] ?? "(none)"}";
        foreach (var ((field, before), (_, after)) in from.Bootstrap.Zip(to.Bootstrap))
            if (!JsonNode.DeepEquals(before, after))
                yield return field == "bootstrap" ? BootstrapReason(before, after) : $"{field} changes";
        if (from.RolloutAfter != to.RolloutAfter)
            yield return $"rollout after {to.RolloutAfter ?? "(none)"}";
    }

    private static string BootstrapReason(JsonNode? from, JsonNode? to)
    {
        var (before, after) = (from?["configRef"], to?["configRef"]);
        return (string?)before?["name"] == (string?)after?["name"]
            ? "bootstrap changes"
            : $"{(string?)after?["kind"] ?? "bootstrap"} {(string?)before?["name"] ?? "(none)"} → {(string?)after?["name"] ?? "(none)"}";
    }

    private static string Resize(MachineOwner from, MachineOwner to) => $"replicas {from.Replicas?.ToString() ?? "(none)"} → {to.Replicas?.ToString() ?? "(none)"}";

    // Which version of the API a reference states does not matter to machines.
    private static JsonObject? Named(JsonObject? reference) =>
        reference is null ? null : new() { ["kind"] = reference["kind"]?.DeepClone(), ["name"] = reference["name"]?.DeepClone() };
}
