using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.References;

/// <summary>What all references of a ClusterDeployment come to. Pure.</summary>
internal sealed record ResolvedReferences(IReadOnlyList<ResolvedReference> All)
{
    public static IReadOnlyList<ConditionType> ConditionTypes { get; } =
        [ClusterAuthenticationReady, ClusterAuditPolicyReady, DataSourceReady, ClusterDataSourceReady, ClusterIpamClaimReady];

    public IEnumerable<ResolvedReference> Lacking => All.Where(reference => reference.IsLacking);

    public static ResolvedReferences Of(ClusterFacts facts)
    {
        var (seen, cluster) = (facts.References, facts.Object);
        var isPreview = seen.IsPreview || cluster.Spec.DryRun == true;
        var isInstalled = facts.Release is { IsUninstalled: false };
        return new([.. new[]
        {
            seen.Authentication is { } authentication ? AuthenticationReference.Resolve(authentication, facts.Key) : null,
            seen.AuditPolicy is { } policy ? AuditPolicyReference.Resolve(policy, facts.Key) : null,
            isInstalled && seen.LeftDatabase is not null ? DataSourceReference.Removed(facts.Key) : null,
            seen.DataSource is { } source ? DataSourceReference.Resolve(source, cluster, isInstalled, isPreview) : null,
            seen.Ipam is { } ipam ? IpamReference.Resolve(ipam, cluster, isPreview) : null,
        }.OfType<ResolvedReference>().Select(reference => WithForeignDocuments(reference, seen))]);
    }

    /// <summary>Puts what the references mean over the values of the spec.</summary>
    public void AddTo(JsonObject values)
    {
        foreach (var reference in All)
            foreach (var (key, value) in reference.Values)
                if (key == reference.MergesInto && values[key] is JsonObject given && value is JsonObject added)
                    foreach (var (name, part) in added)
                        given[name] = part?.DeepClone();
                else
                    values[key] = value?.DeepClone();
    }

    // Somebody's own object is not overwritten; the chart would read what is in there.
    private static ResolvedReference WithForeignDocuments(ResolvedReference reference, ReferenceFacts seen) =>
        seen.Documents.FirstOrDefault(item => !item.IsOurs && reference.Documents.Any(wanted => wanted.Kind == item.Kind && wanted.Place == item.Place)) is { } foreign
            ? reference with
            {
                IsLacking = true,
                Values = [],
                Documents = [],
                Conditions = [.. reference.Conditions.Select(condition => Condition.False(
                    condition.Type, Reason.Failed, $"{foreign.Kind.Kind} {foreign.Place} is there already and was not made for this ClusterDeployment"))],
            }
            : reference;
}
