using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Contracts.Access;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.AuditPolicies;
using Fleet.Contracts.Authentication;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Budgets;
using Fleet.Contracts.Chains;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Compliance;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Costs;
using Fleet.Contracts.Credentials;
using Fleet.Contracts.DataSources;
using Fleet.Contracts.Ipam;
using Fleet.Contracts.Prices;
using Fleet.Contracts.Providers;
using Fleet.Contracts.Regions;
using Fleet.Contracts.Releases;
using Fleet.Contracts.Services;
using Fleet.Contracts.Sources;
using Fleet.Contracts.StateProviders;
using Fleet.Contracts.Templates;
using Fleet.Contracts.Upgrades;

namespace Fleet.Contracts;

/// <summary>Source-generated JSON of specs and status. Unknown fields are ignored: a newer writer must not break an older reader.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterDeploymentSpec))]
[JsonSerializable(typeof(ClusterDeploymentStatus))]
[JsonSerializable(typeof(ClusterTemplateSpec))]
[JsonSerializable(typeof(ClusterTemplateStatus))]
[JsonSerializable(typeof(ServiceTemplateSpec))]
[JsonSerializable(typeof(ServiceTemplateStatus))]
[JsonSerializable(typeof(CredentialSpec))]
[JsonSerializable(typeof(CredentialStatus))]
[JsonSerializable(typeof(ServiceSetSpec))]
[JsonSerializable(typeof(ServiceSetStatus))]
[JsonSerializable(typeof(MultiClusterServiceSpec))]
[JsonSerializable(typeof(NamespacedMultiClusterServiceSpec))]
[JsonSerializable(typeof(MultiClusterServiceStatus))]
[JsonSerializable(typeof(ComplianceExceptionSpec))]
[JsonSerializable(typeof(ComplianceExceptionStatus))]
[JsonSerializable(typeof(HelmRepositorySpec))]
[JsonSerializable(typeof(HelmRepositoryStatus))]
[JsonSerializable(typeof(ClusterTemplateChainSpec))]
[JsonSerializable(typeof(ServiceTemplateChainSpec))]
[JsonSerializable(typeof(TemplateChainStatus))]
[JsonSerializable(typeof(AccessManagementSpec))]
[JsonSerializable(typeof(AccessManagementStatus))]
[JsonSerializable(typeof(ProviderTemplateSpec))]
[JsonSerializable(typeof(ProviderTemplateStatus))]
[JsonSerializable(typeof(ReleaseSpec))]
[JsonSerializable(typeof(ReleaseStatus))]
[JsonSerializable(typeof(ManagementSpec))]
[JsonSerializable(typeof(ManagementStatus))]
[JsonSerializable(typeof(ManagementBackupSpec))]
[JsonSerializable(typeof(ManagementBackupStatus))]
[JsonSerializable(typeof(RegionSpec))]
[JsonSerializable(typeof(RegionStatus))]
[JsonSerializable(typeof(FluxHelmChartSpec))]
[JsonSerializable(typeof(HelmChartStatus))]
[JsonSerializable(typeof(GitRepositorySpec))]
[JsonSerializable(typeof(GitRepositoryStatus))]
[JsonSerializable(typeof(BucketSpec))]
[JsonSerializable(typeof(BucketStatus))]
[JsonSerializable(typeof(OciRepositorySpec))]
[JsonSerializable(typeof(OciRepositoryStatus))]
[JsonSerializable(typeof(ClusterIpamSpec))]
[JsonSerializable(typeof(ClusterIpamStatus))]
[JsonSerializable(typeof(ClusterIpamClaimSpec))]
[JsonSerializable(typeof(ClusterIpamClaimStatus))]
[JsonSerializable(typeof(DataSourceSpec))]
[JsonSerializable(typeof(ClusterDataSourceSpec))]
[JsonSerializable(typeof(ClusterDataSourceStatus))]
[JsonSerializable(typeof(ClusterAuthenticationSpec))]
[JsonSerializable(typeof(ClusterAuditPolicySpec))]
[JsonSerializable(typeof(CostCategorySpec))]
[JsonSerializable(typeof(CostCategoryStatus))]
[JsonSerializable(typeof(CostExportSpec))]
[JsonSerializable(typeof(CostExportStatus))]
[JsonSerializable(typeof(PriceSheetSpec))]
[JsonSerializable(typeof(AlertRuleSpec))]
[JsonSerializable(typeof(AlertRuleStatus))]
[JsonSerializable(typeof(AlertRouteSpec))]
[JsonSerializable(typeof(AlertRouteStatus))]
[JsonSerializable(typeof(ReceiverSpec))]
[JsonSerializable(typeof(ReceiverStatus))]
[JsonSerializable(typeof(SilenceSpec))]
[JsonSerializable(typeof(SilenceStatus))]
[JsonSerializable(typeof(BudgetSpec))]
[JsonSerializable(typeof(BudgetStatus))]
[JsonSerializable(typeof(ProviderInterfaceSpec))]
[JsonSerializable(typeof(StateManagementProviderSpec))]
[JsonSerializable(typeof(StateManagementProviderStatus))]
[JsonSerializable(typeof(Condition))]
[JsonSerializable(typeof(ClusterUpgradePlan))]
[JsonSerializable(typeof(ClusterPlanRequest))]
[JsonSerializable(typeof(JsonObject))]
public sealed partial class ContractsJson : JsonSerializerContext;
