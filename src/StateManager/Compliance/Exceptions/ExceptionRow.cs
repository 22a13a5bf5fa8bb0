using System.IO.Enumeration;
using Fleet.Contracts.Compliance;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Compliance.Findings;
using Fleet.StateManager.MultiClusterServices;

namespace Fleet.StateManager.Compliance.Exceptions;

/// <summary>What a ComplianceException covers. Pure.</summary>
internal sealed record ExceptionRow(ObjectKey Key, long Generation, ComplianceExceptionSpec Spec)
{
    public static ExceptionRow Of(ComplianceException item) => new(item.Metadata.Key, item.Metadata.Generation ?? 0, item.Spec);

    /// <summary>Without a day it never began: admission refuses that, and what slipped past must not count for ever.</summary>
    public bool IsActive(DateTimeOffset now) => now < Spec.Expires;

    /// <summary>Clusters of its own namespace only.</summary>
    public bool Covers(SelectableCluster cluster) => cluster.Key.Namespace == Key.Namespace
        && (Spec.Clusters?.Contains(cluster.Key.Name) == true || ClusterSelector.Matches(Spec.ClusterSelector, cluster.Labels));

    public bool Matches(Finding finding) =>
        Spec.Policies.Exists(policy => IsLike(finding.Key.Policy, policy))
        && IsAmong(finding.Rule, Spec.Rules)
        && IsAmong(finding.Key.Namespace, Spec.Namespaces)
        && (Spec.Resources is null or { Count: 0 } || Spec.Resources.Exists(resource => IsLike(finding.Kind, resource.Kind) && IsLike(finding.Name, resource.Name ?? "*")));

    private static bool IsAmong(string word, List<string>? patterns) => patterns is null or { Count: 0 } || patterns.Exists(pattern => IsLike(word, pattern));

    private static bool IsLike(string word, string pattern) => pattern == "*" || FileSystemName.MatchesSimpleExpression(pattern, word, ignoreCase: false);
}
