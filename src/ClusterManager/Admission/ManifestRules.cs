using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission;

/// <summary>
/// What is refused at once: manifests that are wrong by themselves. What only is not there yet (a template, a credential) is never refused,
/// so that manifests may be applied in any order; conditions tell what is waited for. Pure; reports all problems.
/// </summary>
public static class ManifestRules
{
    private static readonly IClusterRule[] ClusterRules =
        [new ClusterNameRule(), new ConfigRule(), new ServiceNamesRule(), new ServiceDependenciesRule(), new DataSourceRule()];

    /// <param name="group">API group of the object.</param>
    /// <param name="kind">Kind of the object; kinds that Fleet does not have are let through.</param>
    /// <param name="wanted">The object as it is to be.</param>
    /// <param name="old">The object as it is; null for a new one.</param>
    public static IReadOnlyList<FieldProblem> Check(string group, string kind, JsonObject wanted, JsonObject? old)
    {
        // What is being deleted must stay deletable whatever rules have come since.
        if (ContractRules.SpecOf(group, kind) is not { } type || wanted["metadata"]?["deletionTimestamp"] is not null || wanted["spec"] is not JsonObject spec)
            return [];
        var problems = ContractRules.Check(type, spec, old?["spec"] as JsonObject).ToList();
        // A write that leaves the spec alone (labels, finalizers) is not held up by what was accepted before.
        if (old is not null && JsonNode.DeepEquals(spec, old["spec"]))
            return problems;
        switch (kind)
        {
            case "ClusterDeployment":
                problems.AddRange(OfCluster(wanted, spec, old?["spec"] as JsonObject));
                break;
            case "ClusterTemplate" when (spec["helm"] as JsonObject)?.ContainsKey("chartSource") == true:
                problems.Add(new("spec.helm.chartSource", ".spec.helm.chartSource is not supported for ClusterTemplates"));
                break;
            case "Credential":
                problems.AddRange(IdentityRule.Check(spec));
                break;
        }
        return problems;
    }

    private static IEnumerable<FieldProblem> OfCluster(JsonObject wanted, JsonObject spec, JsonObject? old)
    {
        ClusterDeploymentSpec? typed;
        try
        {
            typed = spec.Deserialize(ContractsJson.Default.ClusterDeploymentSpec);
        }
        catch (JsonException)
        {
            // The schema says better what has the wrong type.
            return [];
        }
        var input = new ClusterRuleInput((string?)wanted["metadata"]?["name"] ?? "", typed!, old?.Deserialize(ContractsJson.Default.ClusterDeploymentSpec));
        return ClusterRules.SelectMany(rule => rule.Check(input));
    }
}
