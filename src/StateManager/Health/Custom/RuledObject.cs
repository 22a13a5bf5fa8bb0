using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health.Rules;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Health.Custom;

/// <summary>An object with which a custom rule finds fault, and by what it may belong to a release. Objects that no rule complains of are not kept.</summary>
internal sealed class RuledObject : IEquatable<RuledObject>
{
    /// <summary>By which charts say whose an object is, and upstream finds the objects of a service.</summary>
    private static readonly string[] Labels = ["release", "app", "app.kubernetes.io/instance", "app.kubernetes.io/name"];

    private readonly ResourceKind kind;
    private readonly ObjectKey key;
    private readonly string uid;
    private readonly long generation;
    private readonly ReleaseName? annotated;
    private readonly string[] names;
    private readonly RuleFinding[] findings;

    private RuledObject(ResourceKind kind, DynamicObject live, RuleFinding[] findings)
    {
        (this.kind, key, uid, generation, this.findings) = (kind, live.Key, HealthProjection.Uid(live), HealthProjection.Generation(live), findings);
        annotated = HelmMetadata.ReleaseOf(live.Root);
        var labels = live.At("metadata", "labels") as JsonObject;
        names = [.. Labels.Select(label => ObservedObject.TextOf(labels?[label])).Where(name => name.Length > 0).Distinct()];
    }

    public static RuledObject? Of(ResourceKind kind, IReadOnlyList<HealthRule> rules, DynamicObject live)
    {
        if (live.At("metadata", "deletionTimestamp") is not null || ObservedObject.TextOf(live.At("metadata", "annotations", FleetAnnotations.Health)) == "ignore")
            return null;
        var findings = rules.Select(rule => rule.Judge(kind, live.Root)).OfType<RuleFinding>().ToArray();
        return findings.Length == 0 ? null : new RuledObject(kind, live, findings);
    }

    public bool IsOf(ReleaseName release) => annotated is { } by
        ? by == release
        : names.Contains(release.Name) && (!kind.Namespaced || key.Namespace == release.Namespace);

    /// <summary>One per object: the first rule that complains, as upstream has it.</summary>
    public ObjectHealth? For(string owner) => Array.Find(findings, f => f.Target == HealthRule.Global || f.Target == owner) is { } finding
        ? new ObjectHealth(kind, key, uid, generation, finding.Verdict, finding.Why) { Rule = finding.Rule }
        : null;

    public bool Equals(RuledObject? other) => other is not null && kind == other.kind && key == other.key && uid == other.uid && generation == other.generation
        && annotated == other.annotated && names.SequenceEqual(other.names) && findings.SequenceEqual(other.findings);

    public override bool Equals(object? obj) => Equals(obj as RuledObject);

    public override int GetHashCode() => key.GetHashCode();
}
