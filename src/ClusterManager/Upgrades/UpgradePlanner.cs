using Fleet.Contracts.Upgrades;
using Fleet.Control.Differences;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>What a change of a release does, object by object and machine by machine. Pure.</summary>
internal static class UpgradePlanner
{
    public static ClusterUpgradePlan Plan(UpgradeFacts facts)
    {
        var plan = new ClusterUpgradePlan { Namespace = facts.Namespace, Name = facts.Name, From = facts.From, To = facts.To, Blockers = facts.Problems };
        if (facts.Wanted is not { } wanted)
            return plan with { Summary = "the change cannot be planned" };

        var before = facts.Current.DistinctBy(item => item.Identity).ToDictionary(item => item.Identity);
        var after = wanted.DistinctBy(item => item.Identity).ToDictionary(item => item.Identity);
        List<RenderedObject> created = [.. after.Values.Where(item => !before.ContainsKey(item.Identity))];
        List<RenderedObject> removed = [.. before.Values.Where(item => !after.ContainsKey(item.Identity))];
        List<PlannedObject> changed =
        [
            .. from item in after.Values
               where before.ContainsKey(item.Identity)
               let fields = FieldDiff.Between(item.Kind, before[item.Identity].Root, item.Root)
               where fields.Count > 0
               select Shown(item) with { Fields = fields },
        ];
        var replacements = Replacements(created, removed, changed);
        var owners = wanted.Select(MachineOwner.Of).OfType<MachineOwner>().ToList();
        plan = plan with
        {
            Created = [.. created.Where(item => !replacements.ContainsKey(item)).Select(Shown)],
            Changed = changed,
            Replaced = [.. replacements.Select(pair => Shown(pair.Key) with
            {
                Replaces = pair.Value.Name, Fields = FieldDiff.Between(pair.Key.Kind, pair.Value.Root, pair.Key.Root),
            })],
            Removed = [.. removed.Where(item => !replacements.ContainsValue(item)).Select(Shown)],
            Rollouts = facts.From is null ? [] : MachineRollouts.Between(facts.Current, wanted, [.. VersionSkew.HaveToWait(facts.Versions, owners).Select(pool => pool.Item.Name)]),
            Blockers = [.. facts.Problems, .. VersionSkew.Blockers(facts.Versions, owners), .. ImmutableTemplates(changed)],
            Warnings = [.. Warnings(facts, changed)],
        };
        plan = plan with { HasChanges = plan.Created.Count + plan.Changed.Count + plan.Replaced.Count + plan.Removed.Count > 0 };
        return plan with { Summary = UpgradeSummary.Of(plan) };
    }

    // What takes the place of what is known from whoever refers to it: a field that named the one names the other now.
    private static Dictionary<RenderedObject, RenderedObject> Replacements(
        List<RenderedObject> created, List<RenderedObject> removed, List<PlannedObject> changed)
    {
        var renamed = changed.SelectMany(item => item.Fields)
            .Where(field => field.Path.EndsWith("Ref.name", StringComparison.Ordinal) && field is { From: not null, To: not null })
            .Select(field => (From: field.From!.ToString(), To: field.To!.ToString()))
            .ToHashSet();
        return (from item in created
                let old = removed.Find(other => other.Group == item.Group && other.Kind == item.Kind && renamed.Contains((other.Name, item.Name)))
                where old is not null
                select (item, old)).ToDictionary(pair => pair.item, pair => pair.old);
    }

    private static IEnumerable<PlanBlocker> ImmutableTemplates(IEnumerable<PlannedObject> changed) =>
        from item in changed
        where item.Kind.EndsWith("MachineTemplate", StringComparison.Ordinal)
            && item.ApiVersion.StartsWith("infrastructure.cluster.x-k8s.io/", StringComparison.Ordinal)
            && item.Fields.Any(field => field.Path.StartsWith("spec.", StringComparison.Ordinal))
        select new PlanBlocker(
            PlanRules.ImmutableTemplate,
            $"{item.Kind} {item.Name} cannot be changed once it is there; the chart has to give its new content a new name");

    private static IEnumerable<string> Warnings(UpgradeFacts facts, List<PlannedObject> changed)
    {
        if (ChartName(facts.From) is { } before && ChartName(facts.To) is { } after && before != after)
            yield return $"the chart has another name ({after}, until now {before}): Helm upgrades the release in place";
        foreach (var item in changed.Where(item => item.ApiVersion.StartsWith("bootstrap.cluster.x-k8s.io/", StringComparison.Ordinal)))
            yield return $"{item.Kind} {item.Name} changes under its name: machines that are there keep their configuration";
    }

    internal static string? ChartName(PlannedTemplate? template)
    {
        if (template?.Chart is not { } chart)
            return null;
        // A name may have dashes, and so may a version: the version starts at the first dash before a digit that reads as one.
        for (var dash = chart.IndexOf('-', StringComparison.Ordinal); dash > 0; dash = chart.IndexOf('-', dash + 1))
            if (Helm.Versions.SemanticVersion.TryParse(chart[(dash + 1)..]) is not null)
                return chart[..dash];
        return chart;
    }

    private static PlannedObject Shown(RenderedObject item) =>
        new() { ApiVersion = item.ApiVersion, Kind = item.Kind, Namespace = item.Namespace, Name = item.Name };
}
