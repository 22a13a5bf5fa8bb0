global using AccessManagement = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Access.AccessManagementSpec, Fleet.Contracts.Access.AccessManagementStatus>;
global using AlertRoute = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.AlertRouteSpec, Fleet.Contracts.Alerts.AlertRouteStatus>;
global using AlertRule = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.AlertRuleSpec, Fleet.Contracts.Alerts.AlertRuleStatus>;
global using Bucket = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Sources.BucketSpec, Fleet.Contracts.Sources.BucketStatus>;
global using Budget = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Budgets.BudgetSpec, Fleet.Contracts.Budgets.BudgetStatus>;
global using ClusterAuditPolicy = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.AuditPolicies.ClusterAuditPolicySpec, Fleet.Contracts.NoStatus>;
global using ClusterAuthentication = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Authentication.ClusterAuthenticationSpec, Fleet.Contracts.NoStatus>;
global using ClusterDataSource = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.DataSources.ClusterDataSourceSpec, Fleet.Contracts.DataSources.ClusterDataSourceStatus>;
global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using ClusterIpam = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Ipam.ClusterIpamSpec, Fleet.Contracts.Ipam.ClusterIpamStatus>;
global using ClusterIpamClaim = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Ipam.ClusterIpamClaimSpec, Fleet.Contracts.Ipam.ClusterIpamClaimStatus>;
global using ClusterTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ClusterTemplateSpec, Fleet.Contracts.Templates.ClusterTemplateStatus>;
global using ClusterTemplateChain = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Chains.ClusterTemplateChainSpec, Fleet.Contracts.Chains.TemplateChainStatus>;
global using ComplianceException = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Compliance.ComplianceExceptionSpec, Fleet.Contracts.Compliance.ComplianceExceptionStatus>;
global using CostCategory = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Costs.CostCategorySpec, Fleet.Contracts.Costs.CostCategoryStatus>;
global using CostExport = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Costs.CostExportSpec, Fleet.Contracts.Costs.CostExportStatus>;
global using Credential = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Credentials.CredentialSpec, Fleet.Contracts.Credentials.CredentialStatus>;
global using DataSource = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.DataSources.DataSourceSpec, Fleet.Contracts.NoStatus>;
global using GitRepository = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Sources.GitRepositorySpec, Fleet.Contracts.Sources.GitRepositoryStatus>;
global using HelmChart = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Sources.FluxHelmChartSpec, Fleet.Contracts.Sources.HelmChartStatus>;
global using HelmRepository = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Sources.HelmRepositorySpec, Fleet.Contracts.Sources.HelmRepositoryStatus>;
global using Management = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Components.ManagementSpec, Fleet.Contracts.Components.ManagementStatus>;
global using ManagementBackup = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Backups.ManagementBackupSpec, Fleet.Contracts.Backups.ManagementBackupStatus>;
global using MultiClusterService = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.MultiClusterServiceSpec, Fleet.Contracts.Services.MultiClusterServiceStatus>;
global using NamespacedMultiClusterService = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.NamespacedMultiClusterServiceSpec, Fleet.Contracts.Services.MultiClusterServiceStatus>;
global using OciRepository = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Sources.OciRepositorySpec, Fleet.Contracts.Sources.OciRepositoryStatus>;
global using PriceSheet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Prices.PriceSheetSpec, Fleet.Contracts.NoStatus>;
global using ProviderInterface = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Providers.ProviderInterfaceSpec, Fleet.Contracts.NoStatus>;
global using ProviderTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ProviderTemplateSpec, Fleet.Contracts.Templates.ProviderTemplateStatus>;
global using Receiver = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.ReceiverSpec, Fleet.Contracts.Alerts.ReceiverStatus>;
global using Region = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Regions.RegionSpec, Fleet.Contracts.Regions.RegionStatus>;
global using Release = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Releases.ReleaseSpec, Fleet.Contracts.Releases.ReleaseStatus>;
global using ServiceSet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.ServiceSetSpec, Fleet.Contracts.Services.ServiceSetStatus>;
global using ServiceTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ServiceTemplateSpec, Fleet.Contracts.Templates.ServiceTemplateStatus>;
global using ServiceTemplateChain = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Chains.ServiceTemplateChainSpec, Fleet.Contracts.Chains.TemplateChainStatus>;
global using Silence = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.SilenceSpec, Fleet.Contracts.Alerts.SilenceStatus>;
global using StateManagementProvider = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.StateProviders.StateManagementProviderSpec, Fleet.Contracts.StateProviders.StateManagementProviderStatus>;

using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Kinds;

/// <summary>
/// The kinds of Fleet as objects, in the version that Fleet writes. Each is made when it is first asked for: how a kind is read costs a service that
/// never reads it tens of milliseconds at its start.
/// </summary>
public static class FleetKinds
{
    public static ResourceType<ClusterDeployment> ClusterDeployments => field ??=
        new(Own("ClusterDeployment", "clusterdeployments"), FleetKindsJson.Default.ClusterDeployment);

    public static ResourceType<ClusterTemplate> ClusterTemplates => field ??=
        new(Own("ClusterTemplate", "clustertemplates"), FleetKindsJson.Default.ClusterTemplate);

    public static ResourceType<ServiceTemplate> ServiceTemplates => field ??=
        new(Own("ServiceTemplate", "servicetemplates"), FleetKindsJson.Default.ServiceTemplate);

    public static ResourceType<PriceSheet> PriceSheets => field ??=
        new(OwnOfCluster("PriceSheet", "pricesheets"), FleetKindsJson.Default.PriceSheet);

    public static ResourceType<AlertRule> AlertRules => field ??=
        new(Own("AlertRule", "alertrules"), FleetKindsJson.Default.AlertRule);

    public static ResourceType<AlertRoute> AlertRoutes => field ??=
        new(Own("AlertRoute", "alertroutes"), FleetKindsJson.Default.AlertRoute);

    public static ResourceType<Receiver> Receivers => field ??=
        new(Own("Receiver", "receivers"), FleetKindsJson.Default.Receiver);

    public static ResourceType<Silence> Silences => field ??=
        new(Own("Silence", "silences"), FleetKindsJson.Default.Silence);

    public static ResourceType<CostExport> CostExports => field ??=
        new(Own("CostExport", "costexports"), FleetKindsJson.Default.CostExport);

    public static ResourceType<CostCategory> CostCategories => field ??=
        new(Own("CostCategory", "costcategories"), FleetKindsJson.Default.CostCategory);

    public static ResourceType<Budget> Budgets => field ??=
        new(Own("Budget", "budgets"), FleetKindsJson.Default.Budget);

    public static ResourceType<Credential> Credentials => field ??=
        new(Own("Credential", "credentials"), FleetKindsJson.Default.Credential);

    public static ResourceType<ServiceSet> ServiceSets => field ??=
        new(Own("ServiceSet", "servicesets"), FleetKindsJson.Default.ServiceSet);

    public static ResourceType<MultiClusterService> MultiClusterServices => field ??=
        new(OwnOfCluster("MultiClusterService", "multiclusterservices"), FleetKindsJson.Default.MultiClusterService);

    public static ResourceType<NamespacedMultiClusterService> NamespacedMultiClusterServices => field ??=
        new(Own("NamespacedMultiClusterService", "namespacedmulticlusterservices"), FleetKindsJson.Default.NamespacedMultiClusterService);

    public static ResourceType<ComplianceException> ComplianceExceptions => field ??=
        new(Own("ComplianceException", "complianceexceptions"), FleetKindsJson.Default.ComplianceException);

    public static ResourceType<ClusterTemplateChain> ClusterTemplateChains => field ??=
        new(Own("ClusterTemplateChain", "clustertemplatechains"), FleetKindsJson.Default.ClusterTemplateChain);

    public static ResourceType<ServiceTemplateChain> ServiceTemplateChains => field ??=
        new(Own("ServiceTemplateChain", "servicetemplatechains"), FleetKindsJson.Default.ServiceTemplateChain);

    public static ResourceType<AccessManagement> AccessManagements => field ??=
        new(OwnOfCluster("AccessManagement", "accessmanagements"), FleetKindsJson.Default.AccessManagement);

    public static ResourceType<ProviderTemplate> ProviderTemplates => field ??=
        new(OwnOfCluster("ProviderTemplate", "providertemplates"), FleetKindsJson.Default.ProviderTemplate);

    public static ResourceType<Release> Releases => field ??=
        new(OwnOfCluster("Release", "releases"), FleetKindsJson.Default.Release);

    public static ResourceType<Management> Managements => field ??=
        new(OwnOfCluster("Management", "managements"), FleetKindsJson.Default.Management);

    public static ResourceType<ManagementBackup> ManagementBackups => field ??=
        new(OwnOfCluster("ManagementBackup", "managementbackups"), FleetKindsJson.Default.ManagementBackup);

    public static ResourceType<Region> Regions => field ??=
        new(OwnOfCluster("Region", "regions"), FleetKindsJson.Default.Region);

    public static ResourceType<HelmRepository> HelmRepositories => field ??=
        new(Flux("HelmRepository", "helmrepositories"), FleetKindsJson.Default.HelmRepository);

    public static ResourceType<HelmChart> HelmCharts => field ??=
        new(Flux("HelmChart", "helmcharts"), FleetKindsJson.Default.HelmChart);

    public static ResourceType<GitRepository> GitRepositories => field ??=
        new(Flux("GitRepository", "gitrepositories"), FleetKindsJson.Default.GitRepository);

    public static ResourceType<Bucket> Buckets => field ??=
        new(Flux("Bucket", "buckets"), FleetKindsJson.Default.Bucket);

    public static ResourceType<OciRepository> OciRepositories => field ??=
        new(Flux("OCIRepository", "ocirepositories"), FleetKindsJson.Default.OciRepository);

    public static ResourceType<ClusterIpam> ClusterIpams => field ??=
        new(Own("ClusterIPAM", "clusteripams"), FleetKindsJson.Default.ClusterIpam);

    public static ResourceType<ClusterIpamClaim> ClusterIpamClaims => field ??=
        new(Own("ClusterIPAMClaim", "clusteripamclaims"), FleetKindsJson.Default.ClusterIpamClaim);

    public static ResourceType<DataSource> DataSources => field ??=
        new(Own("DataSource", "datasources"), FleetKindsJson.Default.DataSource);

    public static ResourceType<ClusterDataSource> ClusterDataSources => field ??=
        new(Own("ClusterDataSource", "clusterdatasources"), FleetKindsJson.Default.ClusterDataSource);

    public static ResourceType<ClusterAuthentication> ClusterAuthentications => field ??=
        new(Own("ClusterAuthentication", "clusterauthentications"), FleetKindsJson.Default.ClusterAuthentication);

    public static ResourceType<ClusterAuditPolicy> ClusterAuditPolicies => field ??=
        new(Own("ClusterAuditPolicy", "clusterauditpolicies"), FleetKindsJson.Default.ClusterAuditPolicy);

    public static ResourceType<ProviderInterface> ProviderInterfaces => field ??=
        new(OwnOfCluster("ProviderInterface", "providerinterfaces"), FleetKindsJson.Default.ProviderInterface);

    public static ResourceType<StateManagementProvider> StateManagementProviders => field ??=
        new(OwnOfCluster("StateManagementProvider", "statemanagementproviders"), FleetKindsJson.Default.StateManagementProvider);

    private static ResourceKind Own(string kind, string plural) => new(FleetApi.Group, FleetApi.Version, kind, plural, Namespaced: true);

    private static ResourceKind OwnOfCluster(string kind, string plural) => new(FleetApi.Group, FleetApi.Version, kind, plural, Namespaced: false);

    private static ResourceKind Flux(string kind, string plural) => new(FleetApi.SourceGroup, FleetApi.SourceVersion, kind, plural, Namespaced: true);
}
