using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Access;

/// <summary>From rules, sources and what is there to the changes that make the copies right. Pure.</summary>
internal static class AccessPlanner
{
    /// <summary>So many copies may always go; a larger share goes only after the rules were changed.</summary>
    public const int FreeDeletions = 10;

    private static readonly string[] ImmutableKinds = ["ClusterTemplateChain", "ServiceTemplateChain", "ClusterAuditPolicy", "DataSource"];

    public static AccessPlan Plan(AccessFacts facts, SystemNamespaces system)
    {
        var problems = facts.Problems.ToList();
        var existing = facts.Existing.ToDictionary(placed => (placed.Kind, placed.Object.Key));
        var steps = new List<CopyStep>();
        var kept = new HashSet<(ResourceKind, ObjectKey)>();
        foreach (var (kind, source, target) in Targets(facts))
        {
            if (!kept.Add((kind, target)))
                continue;
            var present = existing.GetValueOrDefault((kind, target));
            if (present is { IsCopy: false } && !(kind.Group == FleetApi.Group && DistributedCopies.IsUpstreams(present.Object.Metadata)))
                problems.Add(new(kind.Group, kind.Kind, $"{kind.Kind} {target} exists and is not a copy of {source.Key}; it is left alone"));
            else if (StepFor(kind, source, target, present?.Object, system) is { } step)
                steps.Add(step);
        }
        steps.AddRange(Deletions(facts, kept, problems));
        return new(steps, problems);
    }

    private static IEnumerable<(ResourceKind Kind, DynamicObject Source, ObjectKey Target)> Targets(AccessFacts facts) =>
        from distribution in facts.Wanted
        from source in distribution.Sources
        from place in distribution.Namespaces
        select (distribution.Kind, source, new ObjectKey(place, source.Key.Name));

    private static CopyStep? StepFor(ResourceKind kind, DynamicObject source, ObjectKey target, DynamicObject? present, SystemNamespaces system)
    {
        var content = CopyContent.Of(source, target.Namespace);
        if (present is null)
            return new(kind, target, CopyAction.Create, CopyContent.Whole(source, target, content), null);
        // What is going already comes back when it is gone.
        if (present.Metadata.IsBeingDeleted)
            return null;
        var same = JsonNode.DeepEquals(CopyContent.Content(present.Root), content);
        if (same && DistributedCopies.IsCopyOf(present.Metadata, source.Key, system) && present.Metadata.Annotations![DistributedCopies.SourceUid] == source.Metadata.Uid)
            return null;
        return !same && kind.Group == FleetApi.Group && ImmutableKinds.Contains(kind.Kind)
            ? new(kind, target, CopyAction.Replace, CopyContent.Whole(source, target, content), present.Metadata)
            : new(kind, target, CopyAction.Update, CopyContent.Changed(present, source, content), present.Metadata);
    }

    private static List<CopyStep> Deletions(AccessFacts facts, HashSet<(ResourceKind, ObjectKey)> kept, List<KindProblem> problems)
    {
        var copies = facts.Existing.Where(placed => placed.IsCopy && !placed.Object.Metadata.IsBeingDeleted).ToList();
        // A kind that can not be resolved now is not a kind that nobody wants.
        var unresolved = facts.Problems.Select(problem => (problem.Group, problem.Kind)).ToHashSet();
        var unwanted = copies.Where(placed => !kept.Contains((placed.Kind, placed.Object.Key)) && !unresolved.Contains((placed.Kind.Group, placed.Kind.Kind))).ToList();
        if (unwanted.Count == 0)
            return [];
        if (facts.Namespaces == 0 || (unwanted.Count > FreeDeletions && unwanted.Count * 2 > copies.Count && !RulesChanged(facts)))
        {
            problems.Add(new("", "", $"{unwanted.Count} of {copies.Count} copies would be deleted although the rules are the same: held back. Change spec.accessRules to confirm"));
            return [];
        }
        return [.. unwanted.Select(placed => new CopyStep(placed.Kind, placed.Object.Key, CopyAction.Delete, null, placed.Object.Metadata))];
    }

    /// <summary>Applied rules are in status: what a user has just written is meant.</summary>
    private static bool RulesChanged(AccessFacts facts) => facts.Object.Status?.ObservedGeneration != facts.Object.Metadata.Generation;
}
