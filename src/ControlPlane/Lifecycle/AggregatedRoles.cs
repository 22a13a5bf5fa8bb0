using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>ClusterRoles with an aggregationRule get the rules of all roles that it selects.</summary>
internal static class AggregatedRoles
{
    private static readonly KindInfo Roles = BuiltInKinds.Find("rbac.authorization.k8s.io", "clusterroles");

    public static string TableName => Roles.StorageName;

    public static async ValueTask CheckAsync(Cluster cluster, CancellationToken ct)
    {
        var all = cluster.Table(Roles).State.Range(null).ToArray();
        foreach (var stored in all)
        {
            if (StoredFields.At(stored, "aggregationRule"u8, "clusterRoleSelectors"u8).TokenType != System.Text.Json.JsonTokenType.StartArray) continue;
            var selectors = ((JsonArray)stored.Parse()["aggregationRule"]!["clusterRoleSelectors"]!).Select(s => LabelSelector.Parse(s as JsonObject)).ToArray();
            var rules = new JsonArray();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var source in all.Where(r => r.Key != stored.Key && selectors.Any(s => s.Matches(r))))
            {
                foreach (var rule in source.Parse()["rules"] as JsonArray ?? [])
                {
                    if (rule is not null && seen.Add(rule.ToJsonString())) rules.Add(rule.DeepClone());
                }
            }
            await cluster.ChangeAsync(Roles.Resource, stored.Key, role =>
            {
                if (JsonNode.DeepEquals(role["rules"] ?? new JsonArray(), rules)) return false;
                role["rules"] = rules.DeepClone();
                return true;
            }, status: false, ct);
        }
    }
}
