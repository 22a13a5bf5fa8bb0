using System.Collections.Immutable;
using Fleet.Observability.Alerts.Matching;

namespace Fleet.Observability.Alerts.States;

/// <summary>An alert: a rule and one set of labels.</summary>
internal sealed record AlertInstance
{
    /// <summary>Of rule and labels: the same alert has the same id whenever it fires.</summary>
    public required string Id { get; init; }

    public required RuleKey Rule { get; init; }

    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    public required ImmutableSortedDictionary<string, string> Annotations { get; init; }

    public required AlertPhase Phase { get; init; }

    /// <summary>Since when its condition holds.</summary>
    public required DateTimeOffset ActiveSince { get; init; }

    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>Since when its condition does not hold any more while it still fires.</summary>
    public DateTimeOffset? UnseenSince { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public double Value { get; init; }

    /// <summary>Shared by all alerts of the rule that fire together; empty while pending.</summary>
    public string Incident { get; init; } = "";

    public string Severity => Labels.GetValueOrDefault(AlertLabels.Severity) ?? "";

    /// <summary>Name of the cluster, null when it is about none.</summary>
    public string? Cluster => Labels.GetValueOrDefault(AlertLabels.Cluster);

    /// <summary>Namespace of the cluster; that of the rule when it is about none.</summary>
    public string Tenant => Labels.GetValueOrDefault(AlertLabels.ClusterNamespace) ?? Rule.Namespace;

    /// <summary>Whether objects of a namespace may act on it: those of the namespace of its rule or cluster, and those of the system.</summary>
    public bool IsSeenFrom(string @namespace, bool isSystem) => isSystem || Rule.Namespace == @namespace || Tenant == @namespace;

    /// <summary>Dictionaries compare by reference.</summary>
    public bool Equals(AlertInstance? other) => other is not null
        && (Id, Rule, Phase, ActiveSince, FiredAt, UnseenSince, ResolvedAt, Incident) == (other.Id, other.Rule, other.Phase, other.ActiveSince, other.FiredAt, other.UnseenSince, other.ResolvedAt, other.Incident)
        && Value.Equals(other.Value) && Labels.SequenceEqual(other.Labels) && Annotations.SequenceEqual(other.Annotations);

    public override int GetHashCode() => HashCode.Combine(Id, Phase, ActiveSince);
}
