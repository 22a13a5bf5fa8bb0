using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>What exists for the whole cluster can not be copied into namespaces. A kind that is not there yet may come.</summary>
internal sealed class AccessScopeRule : IUseRule
{
    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        foreach (var (field, name) in KindsOf(change.Wanted))
            if (facts.ClusterScopedKinds.Contains(name))
                yield return new($"{name} is cluster-scoped and cannot be distributed into target namespaces by AccessManagement") { Field = field };
    }

    /// <summary>Fields and names (<c>Kind.group</c>) of the kinds that the rules of access name.</summary>
    public static IEnumerable<(string Field, string Name)> KindsOf(JsonObject? manifest)
    {
        var rules = manifest?["spec"]?["accessRules"] as JsonArray ?? [];
        for (var index = 0; index < rules.Count; index++)
        {
            var resources = rules[index]?["resources"] as JsonArray ?? [];
            for (var number = 0; number < resources.Count; number++)
                if ((string?)resources[number]?["kind"] is { Length: > 0 } kind)
                {
                    var group = (string?)resources[number]?["apiGroup"];
                    yield return ($"spec.accessRules[{index}].resources[{number}].kind", string.IsNullOrEmpty(group) ? kind : $"{kind}.{group}");
                }
        }
    }
}
