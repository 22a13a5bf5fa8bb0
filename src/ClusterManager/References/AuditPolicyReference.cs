using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.References;

/// <summary>spec.auditPolicy: the audit policy of the cluster's API servers. Pure.</summary>
internal static class AuditPolicyReference
{
    public static ResolvedReference Resolve(AuditPolicyFacts facts, ObjectKey cluster)
    {
        var name = $"ClusterAuditPolicy {facts.Key}";
        if (facts.Spec is not { } spec)
            return ResolvedReference.Lacking(name, Condition.False(ClusterAuditPolicyReady, Reason.Failed, $"failed to get {name}: it does not exist"));
        var text = ClusterDocument.Write("audit.k8s.io/v1", "Policy", spec["policy"] as JsonObject ?? []);
        List<ClusterDocument> documents = [.. DocumentPlaces.OfAuditPolicy(cluster).Select(place => new ClusterDocument(place.Kind, place.Place, place.Key, text))];
        return new()
        {
            Name = name,
            Conditions = [Condition.True(ClusterAuditPolicyReady, Reason.Succeeded, $"{name} is in ConfigMap and Secret {documents[0].Place}")],
            Values = new()
            {
                ["audit"] = new JsonObject
                {
                    ["policyRef"] = new JsonObject { ["name"] = documents[0].Place.Name, ["key"] = documents[0].DataKey, ["hash"] = documents[0].Hash },
                },
            },
            // Where the record goes and how long it is kept is the user's.
            MergesInto = "audit",
            Documents = documents,
        };
    }
}
