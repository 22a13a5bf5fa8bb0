using Fleet.Contracts.Alerts;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>What a source is asked.</summary>
/// <param name="Clusters">Those that the rule's namespace reaches and that are expected to be there.</param>
/// <param name="IsSystem">Whether it reaches all.</param>
internal sealed record SourceQuestion(RuleKey Rule, AlertRuleEntry Entry, IReadOnlyDictionary<ObjectKey, AlertedCluster> Clusters, bool IsSystem, DateTimeOffset Now);
