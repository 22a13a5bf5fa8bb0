global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using ClusterTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ClusterTemplateSpec, Fleet.Contracts.Templates.ClusterTemplateStatus>;
global using Credential = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Credentials.CredentialSpec, Fleet.Contracts.Credentials.CredentialStatus>;
global using HelmRepository = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Sources.HelmRepositorySpec, Fleet.Contracts.Sources.HelmRepositoryStatus>;
global using ServiceSet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.ServiceSetSpec, Fleet.Contracts.Services.ServiceSetStatus>;
global using ServiceTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ServiceTemplateSpec, Fleet.Contracts.Templates.ServiceTemplateStatus>;

using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Kinds;

/// <summary>The kinds of Fleet as objects, in the version that Fleet writes.</summary>
public static class FleetKinds
{
    public static ResourceType<ClusterDeployment> ClusterDeployments { get; } =
        new(Own("ClusterDeployment", "clusterdeployments"), FleetKindsJson.Default.ClusterDeployment);

    public static ResourceType<ClusterTemplate> ClusterTemplates { get; } =
        new(Own("ClusterTemplate", "clustertemplates"), FleetKindsJson.Default.ClusterTemplate);

    public static ResourceType<ServiceTemplate> ServiceTemplates { get; } =
        new(Own("ServiceTemplate", "servicetemplates"), FleetKindsJson.Default.ServiceTemplate);

    public static ResourceType<Credential> Credentials { get; } =
        new(Own("Credential", "credentials"), FleetKindsJson.Default.Credential);

    public static ResourceType<ServiceSet> ServiceSets { get; } =
        new(Own("ServiceSet", "servicesets"), FleetKindsJson.Default.ServiceSet);

    public static ResourceType<HelmRepository> HelmRepositories { get; } =
        new(new(FleetApi.SourceGroup, FleetApi.SourceVersion, "HelmRepository", "helmrepositories", Namespaced: true), FleetKindsJson.Default.HelmRepository);

    private static ResourceKind Own(string kind, string plural) => new(FleetApi.Group, FleetApi.Version, kind, plural, Namespaced: true);
}
