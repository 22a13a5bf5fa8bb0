using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission.Manifests;
using Fleet.Contracts;
using Fleet.Contracts.Access;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Components;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission;

/// <summary>
/// What is refused at once: manifests that are wrong by themselves. What only is not there yet (a template, a credential) is never refused,
/// so that manifests may be applied in any order; conditions tell what is waited for. Pure; reports all problems.
/// </summary>
public static class ManifestRules
{
    private static readonly Dictionary<string, IManifestRule[]> Rules = new(StringComparer.Ordinal)
    {
        ["ClusterDeployment"] =
        [
            new ClusterRules(new ClusterNameRule(), new ConfigRule(), new ClusterServicesRule(), new DataSourceRule()),
            new IpamClaimRule("ipamClaim"),
        ],
        ["ClusterTemplate"] = [new TemplateSourceRule("ClusterTemplate")],
        ["ServiceTemplate"] = [new TemplateSourceRule("ServiceTemplate")],
        ["ProviderTemplate"] = [new TemplateSourceRule("ProviderTemplate")],
        ["ClusterTemplateChain"] = [new TemplateChainRule<Contracts.Chains.ClusterTemplateChainSpec>(ContractsJson.Default.ClusterTemplateChainSpec)],
        ["ServiceTemplateChain"] = [new TemplateChainRule<Contracts.Chains.ServiceTemplateChainSpec>(ContractsJson.Default.ServiceTemplateChainSpec)],
        ["MultiClusterService"] = [new MultiClusterServiceRule<Contracts.Services.MultiClusterServiceSpec>(ContractsJson.Default.MultiClusterServiceSpec)],
        ["NamespacedMultiClusterService"] = [new MultiClusterServiceRule<Contracts.Services.NamespacedMultiClusterServiceSpec>(ContractsJson.Default.NamespacedMultiClusterServiceSpec)],
        ["Budget"] = [new BudgetRule()],
        ["CostCategory"] = [new CostCategoryRulesRule()],
        ["CostExport"] = [new CostExportScheduleRule()],
        ["ComplianceException"] = [new ComplianceExceptionRule(TimeProvider.System)],
        ["Credential"] = [new IdentityRule()],
        ["AccessManagement"] = [new SingletonNameRule("AccessManagement", AccessManagementSpec.SingletonName), new AccessRulesRule()],
        ["Management"] = [new SingletonNameRule("Management", ManagementSpec.SingletonName), new ProviderNamesRule()],
        ["ManagementBackup"] = [new ManagementBackupSpecRule()],
        ["Region"] = [new ProviderNamesRule()],
        ["Release"] = [new ProviderNamesRule()],
        ["ClusterAuthentication"] = [new AuthenticationRule()],
        ["ClusterAuditPolicy"] = [new AuditPolicySpecRule()],
        ["DataSource"] = [new DataSourceSpecRule()],
        ["ClusterIPAMClaim"] = [new IpamClaimRule()],
        ["StateManagementProvider"] = [new StateManagementProviderRule()],
        ["AlertRule"] = [new AlertRuleSpecRule()],
        ["AlertRoute"] = [new AlertRouteSpecRule()],
        ["Silence"] = [new SilenceSpecRule()],
        ["Receiver"] = [new ReceiverSpecRule()],
        ["PriceSheet"] = [new PriceSheetSpecRule()],
        ["HelmChart"] = [FluxSourceRules.HelmChart],
        ["GitRepository"] = [FluxSourceRules.GitRepository],
        ["Bucket"] = [FluxSourceRules.Bucket],
    };

    /// <param name="group">API group of the object.</param>
    /// <param name="kind">Kind of the object; kinds that Fleet does not have are let through.</param>
    /// <param name="wanted">The object as it is to be.</param>
    /// <param name="old">The object as it is; null for a new one.</param>
    public static IReadOnlyList<FieldProblem> Check(string group, string kind, JsonObject wanted, JsonObject? old)
    {
        // What is being deleted must stay deletable whatever rules have come since.
        if (ContractRules.SpecOf(group, kind) is not { } type || wanted["metadata"]?["deletionTimestamp"] is not null)
            return [];
        var problems = group == FleetApi.Group ? DeletionProtection.Check(wanted, old).ToList() : [];
        if (wanted["spec"] is not JsonObject spec)
            return problems;
        problems.AddRange(ContractRules.Check(type, spec, old?["spec"] as JsonObject));
        // A write that leaves the spec alone (labels, finalizers) is not held up by what was accepted before.
        if (old is not null && JsonNode.DeepEquals(spec, old["spec"]))
            return problems;
        var input = new ManifestInput((string?)wanted["metadata"]?["name"] ?? "", spec, old is null ? null : old["spec"] as JsonObject ?? []);
        problems.AddRange(Rules.GetValueOrDefault(kind, []).SelectMany(rule => rule.Check(input)));
        return problems;
    }

    private sealed class ClusterRules(params IClusterRule[] rules) : IManifestRule
    {
        public IEnumerable<FieldProblem> Check(ManifestInput input)
        {
            ClusterDeploymentSpec? spec;
            try
            {
                spec = input.Spec.Deserialize(ContractsJson.Default.ClusterDeploymentSpec);
            }
            catch (JsonException)
            {
                // The schema says better what has the wrong type.
                return [];
            }
            var seen = new ClusterRuleInput(input.Name, spec!, input.OldSpec?.Deserialize(ContractsJson.Default.ClusterDeploymentSpec));
            return rules.SelectMany(rule => rule.Check(seen));
        }
    }
}
