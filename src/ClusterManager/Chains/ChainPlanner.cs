using System.Text.Json.Nodes;
using Fleet.ClusterManager.Access;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Chains;

/// <summary>
/// What is wrong with a chain, and which templates it brings into its namespace. Copies follow their sources: a source that was made anew with another
/// spec replaces its copy as soon as nobody uses that; a cluster never gets other charts under its feet. Pure.
/// </summary>
internal static class ChainPlanner
{
    public static ChainPlan Plan(ChainFacts facts, SystemNamespaces system)
    {
        var problems = TemplateChainRules.Problems(facts.Spec).Select(problem => problem.Message).ToList();
        if (!facts.BringsTemplates)
            return new([], problems);
        var steps = new List<CopyStep>();
        var names = (facts.Spec.SupportedTemplates ?? []).Select(template => template.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var present = facts.Present.GetValueOrDefault(name);
            if (facts.Sources.GetValueOrDefault(name) is { } source)
                Add(steps, Wanted(facts, source, present, system, problems));
            else if (present is null)
                problems.Add($"{facts.Kind.Templates.Kind} {name} does not exist in a system namespace, so it cannot be brought here");
        }
        foreach (var (name, present) in facts.Present.Where(pair => !names.Contains(pair.Key) && IsOurs(pair.Value, facts, system)))
            Add(steps, Unwanted(facts, name, present, problems));
        return new(steps, problems);
    }

    /// <summary>What a template of another namespace has to say so that it still means the same charts.</summary>
    public static JsonObject ContentFor(DynamicObject source)
    {
        var content = CopyContent.Content(source.Root);
        var helm = content["spec"]?["helm"];
        Complete(helm?["chartSpec"]?["sourceRef"], source.Key.Namespace);
        Complete(helm?["chartRef"], source.Key.Namespace);
        if (helm?["chartSpec"] is JsonObject chart && chart["sourceRef"] is null)
            chart["sourceRef"] = new JsonObject { ["kind"] = "HelmRepository", ["name"] = Contracts.FleetApi.DefaultRepository, ["namespace"] = source.Key.Namespace };
        // ConfigMaps and Secrets are read where the template is, as upstream does.
        foreach (var reference in new[] { helm?["chartSource"], content["spec"]?["kustomize"], content["spec"]?["resources"] }.Select(part => part?["localSourceRef"]))
            if ((string?)reference?["kind"] is not ("ConfigMap" or "Secret"))
                Complete(reference, source.Key.Namespace);
        return content;
    }

    private static CopyStep? Wanted(ChainFacts facts, DynamicObject source, DynamicObject? present, SystemNamespaces system, List<string> problems)
    {
        var target = new ObjectKey(facts.Chain.Namespace ?? "", source.Key.Name);
        var content = ContentFor(source);
        if (present is null)
            return new(facts.Kind.Templates, target, CopyAction.Create, Owned(CopyContent.Whole(source, target, content), facts), null);
        if (present.Metadata.IsBeingDeleted || !IsOurs(present, facts, system))
            return null;
        if (!JsonNode.DeepEquals(CopyContent.Content(present.Root), content))
        {
            if (facts.Users[target.Name].ToList() is { Count: > 0 } users)
            {
                problems.Add($"{facts.Kind.Templates.Kind} {target} differs from {source.Key} and is used by {string.Join(", ", users)}; it is replaced when nobody uses it");
                return null;
            }
            return new(facts.Kind.Templates, target, CopyAction.Replace, Owned(CopyContent.Whole(source, target, content), facts), present.Metadata);
        }
        return IsOwned(present.Metadata, facts) && DistributedCopies.IsCopyOf(present.Metadata, source.Key, system)
            ? null
            : new(facts.Kind.Templates, target, CopyAction.Update, Owned(CopyContent.Changed(present, source, content), facts), present.Metadata);
    }

    private static CopyStep? Unwanted(ChainFacts facts, string name, DynamicObject present, List<string> problems)
    {
        if (present.Metadata.IsBeingDeleted || present.Metadata.OwnerReferences?.Any(owner => owner.Uid != facts.Chain.Uid) == true)
            return null;
        if (facts.Users[name].ToList() is { Count: > 0 } users)
        {
            problems.Add($"{facts.Kind.Templates.Kind} {present.Key} is no longer in the chain but used by {string.Join(", ", users)}; it goes when nobody uses it");
            return null;
        }
        return new(facts.Kind.Templates, present.Key, CopyAction.Delete, null, present.Metadata);
    }

    /// <summary>Made by a chain: ours, or upstream's, whose templates are owned by their chain but say nothing else.</summary>
    private static bool IsOurs(DynamicObject present, ChainFacts facts, SystemNamespaces system) =>
        DistributedCopies.IsCopy(present.Metadata, system)
            ? IsOwned(present.Metadata, facts) || present.Metadata.OwnerReferences is not { Count: > 0 } || facts.Spec.SupportedTemplates?.Exists(template => template.Name == present.Key.Name) == true
            : DistributedCopies.IsUpstreams(present.Metadata) && present.Metadata.OwnerReferences?.Any(owner => owner.Kind == facts.Kind.Chains.Kind) == true;

    private static bool IsOwned(ObjectMeta item, ChainFacts facts) => item.OwnerReferences?.Any(owner => owner.Uid == facts.Chain.Uid) == true;

    private static JsonObject Owned(JsonObject whole, ChainFacts facts)
    {
        var owners = new JsonArray([.. (whole["metadata"]!["ownerReferences"] as JsonArray ?? [])
            .Where(owner => (string?)owner?["uid"] != facts.Chain.Uid && !((string?)owner?["kind"] == facts.Kind.Chains.Kind && (string?)owner?["name"] == facts.Chain.Name))
            .Select(owner => owner?.DeepClone())]);
        owners.Add(new JsonObject
        {
            ["apiVersion"] = facts.Kind.Chains.ApiVersion, ["kind"] = facts.Kind.Chains.Kind, ["name"] = facts.Chain.Name, ["uid"] = facts.Chain.Uid,
        });
        whole["metadata"]!["ownerReferences"] = owners;
        return whole;
    }

    private static void Complete(JsonNode? reference, string @namespace)
    {
        if (reference is JsonObject filled && (string?)filled["namespace"] is not { Length: > 0 })
            filled["namespace"] = @namespace;
    }

    private static void Add(List<CopyStep> steps, CopyStep? step)
    {
        if (step is not null)
            steps.Add(step);
    }
}

/// <summary>What to do in the chain's namespace, and what its author or the administrator should know.</summary>
internal sealed record ChainPlan(IReadOnlyList<CopyStep> Steps, IReadOnlyList<string> Problems);
