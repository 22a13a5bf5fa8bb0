using System.Text.Json.Serialization;
using Fleet.Contracts;
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
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Kinds;

/// <summary>Source-generated JSON of whole objects.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>), TypeInfoPropertyName = "ClusterDeployment")]
[JsonSerializable(typeof(CustomResource<ClusterTemplateSpec, ClusterTemplateStatus>), TypeInfoPropertyName = "ClusterTemplate")]
[JsonSerializable(typeof(CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>), TypeInfoPropertyName = "ServiceTemplate")]
[JsonSerializable(typeof(CustomResource<AlertRuleSpec, AlertRuleStatus>), TypeInfoPropertyName = "AlertRule")]
[JsonSerializable(typeof(CustomResource<AlertRouteSpec, AlertRouteStatus>), TypeInfoPropertyName = "AlertRoute")]
[JsonSerializable(typeof(CustomResource<ReceiverSpec, ReceiverStatus>), TypeInfoPropertyName = "Receiver")]
[JsonSerializable(typeof(CustomResource<SilenceSpec, SilenceStatus>), TypeInfoPropertyName = "Silence")]
[JsonSerializable(typeof(CustomResource<CostCategorySpec, CostCategoryStatus>), TypeInfoPropertyName = "CostCategory")]
[JsonSerializable(typeof(CustomResource<CostExportSpec, CostExportStatus>), TypeInfoPropertyName = "CostExport")]
[JsonSerializable(typeof(CustomResource<PriceSheetSpec, NoStatus>), TypeInfoPropertyName = "PriceSheet")]
[JsonSerializable(typeof(CustomResource<BudgetSpec, BudgetStatus>), TypeInfoPropertyName = "Budget")]
[JsonSerializable(typeof(CustomResource<CredentialSpec, CredentialStatus>), TypeInfoPropertyName = "Credential")]
[JsonSerializable(typeof(CustomResource<ServiceSetSpec, ServiceSetStatus>), TypeInfoPropertyName = "ServiceSet")]
[JsonSerializable(typeof(CustomResource<MultiClusterServiceSpec, MultiClusterServiceStatus>), TypeInfoPropertyName = "MultiClusterService")]
[JsonSerializable(typeof(CustomResource<NamespacedMultiClusterServiceSpec, MultiClusterServiceStatus>), TypeInfoPropertyName = "NamespacedMultiClusterService")]
[JsonSerializable(typeof(CustomResource<ComplianceExceptionSpec, ComplianceExceptionStatus>), TypeInfoPropertyName = "ComplianceException")]
[JsonSerializable(typeof(CustomResource<HelmRepositorySpec, HelmRepositoryStatus>), TypeInfoPropertyName = "HelmRepository")]
[JsonSerializable(typeof(CustomResource<ClusterTemplateChainSpec, TemplateChainStatus>), TypeInfoPropertyName = "ClusterTemplateChain")]
[JsonSerializable(typeof(CustomResource<ServiceTemplateChainSpec, TemplateChainStatus>), TypeInfoPropertyName = "ServiceTemplateChain")]
[JsonSerializable(typeof(CustomResource<AccessManagementSpec, AccessManagementStatus>), TypeInfoPropertyName = "AccessManagement")]
[JsonSerializable(typeof(CustomResource<ProviderTemplateSpec, ProviderTemplateStatus>), TypeInfoPropertyName = "ProviderTemplate")]
[JsonSerializable(typeof(CustomResource<ReleaseSpec, ReleaseStatus>), TypeInfoPropertyName = "Release")]
[JsonSerializable(typeof(CustomResource<ManagementSpec, ManagementStatus>), TypeInfoPropertyName = "Management")]
[JsonSerializable(typeof(CustomResource<RegionSpec, RegionStatus>), TypeInfoPropertyName = "Region")]
[JsonSerializable(typeof(CustomResource<FluxHelmChartSpec, HelmChartStatus>), TypeInfoPropertyName = "HelmChart")]
[JsonSerializable(typeof(CustomResource<GitRepositorySpec, GitRepositoryStatus>), TypeInfoPropertyName = "GitRepository")]
[JsonSerializable(typeof(CustomResource<ManagementBackupSpec, ManagementBackupStatus>), TypeInfoPropertyName = "ManagementBackup")]
[JsonSerializable(typeof(CustomResource<BucketSpec, BucketStatus>), TypeInfoPropertyName = "Bucket")]
[JsonSerializable(typeof(CustomResource<OciRepositorySpec, OciRepositoryStatus>), TypeInfoPropertyName = "OciRepository")]
[JsonSerializable(typeof(CustomResource<ClusterIpamSpec, ClusterIpamStatus>), TypeInfoPropertyName = "ClusterIpam")]
[JsonSerializable(typeof(CustomResource<ClusterIpamClaimSpec, ClusterIpamClaimStatus>), TypeInfoPropertyName = "ClusterIpamClaim")]
[JsonSerializable(typeof(CustomResource<DataSourceSpec, NoStatus>), TypeInfoPropertyName = "DataSource")]
[JsonSerializable(typeof(CustomResource<ClusterDataSourceSpec, ClusterDataSourceStatus>), TypeInfoPropertyName = "ClusterDataSource")]
[JsonSerializable(typeof(CustomResource<ClusterAuthenticationSpec, NoStatus>), TypeInfoPropertyName = "ClusterAuthentication")]
[JsonSerializable(typeof(CustomResource<ClusterAuditPolicySpec, NoStatus>), TypeInfoPropertyName = "ClusterAuditPolicy")]
[JsonSerializable(typeof(CustomResource<ProviderInterfaceSpec, NoStatus>), TypeInfoPropertyName = "ProviderInterface")]
[JsonSerializable(typeof(CustomResource<StateManagementProviderSpec, StateManagementProviderStatus>), TypeInfoPropertyName = "StateManagementProvider")]
public sealed partial class FleetKindsJson : JsonSerializerContext;
