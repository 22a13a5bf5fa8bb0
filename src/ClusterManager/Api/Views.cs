using Fleet.Contracts.Api;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;
using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Api;

/// <summary>Objects as the REST API shows them. Pure; nothing of a Secret is ever in reach here.</summary>
internal static class Views
{
    public static ClusterView Cluster(ClusterDeployment cluster)
    {
        var conditions = new ConditionSet(cluster.Status?.Conditions ?? []);
        return new()
        {
            Namespace = cluster.Metadata.Namespace ?? "",
            Name = cluster.Metadata.Name ?? "",
            Uid = cluster.Metadata.Uid,
            ResourceVersion = cluster.Metadata.ResourceVersion,
            Generation = cluster.Metadata.Generation,
            Labels = cluster.Metadata.Labels,
            Template = cluster.Spec.Template,
            Credential = cluster.Spec.Credential,
            DryRun = cluster.Spec.DryRun ?? false,
            Phase = ClusterPhase.Of(cluster.Metadata.IsBeingDeleted, conditions),
            Ready = conditions.IsTrue(SharedConditions.Ready),
            Message = conditions.Find(SharedConditions.Ready)?.Message ?? "not seen by Fleet yet",
            KubernetesVersion = cluster.Status?.K8sVersion,
            Region = cluster.Status?.Region,
            Created = cluster.Metadata.CreationTimestamp,
            DeletionRequested = cluster.Metadata.DeletionTimestamp,
            AvailableUpgrades = cluster.Status?.AvailableUpgrades ?? [],
            Conditions = All(conditions),
            Services = [.. (cluster.Status?.Services ?? []).Select(Service)],
        };
    }

    public static TemplateView Template(ClusterTemplate template) =>
        Template("Cluster", template.Metadata, template.Spec.Helm, template.Status) with
        {
            KubernetesVersion = template.Status?.K8sVersion ?? template.Spec.K8sVersion,
            Providers = template.Status?.Providers ?? template.Spec.Providers ?? [],
            Description = template.Status?.Description ?? template.Spec.Description,
        };

    public static TemplateView Template(ServiceTemplate template) =>
        Template("Service", template.Metadata, template.Spec.Helm, template.Status) with
        {
            ChartVersion = template.Status?.ChartVersion ?? template.Spec.Version,
            KubernetesConstraint = template.Status?.K8sConstraint ?? template.Spec.K8sConstraint,
            Description = template.Status?.Description ?? template.Spec.Description,
        };

    public static TemplateView Template(ProviderTemplate template) =>
        Template("Provider", template.Metadata, template.Spec.Helm, template.Status) with { Providers = template.Status?.Providers ?? template.Spec.Providers ?? [] };

    public static CredentialView Credential(Credential credential)
    {
        var conditions = new ConditionSet(credential.Status?.Conditions ?? []);
        return new()
        {
            Namespace = credential.Metadata.Namespace ?? "",
            Name = credential.Metadata.Name ?? "",
            Uid = credential.Metadata.Uid,
            ResourceVersion = credential.Metadata.ResourceVersion,
            Labels = credential.Metadata.Labels,
            Ready = credential.Status?.Ready == true,
            Message = conditions.Find(CredentialConditions.CredentialReady)?.Message ?? "not seen by Fleet yet",
            Description = credential.Spec.Description,
            Region = credential.Spec.Region,
            IdentityKind = credential.Spec.IdentityRef.Kind,
            IdentityNamespace = credential.Spec.IdentityRef.Namespace,
            IdentityName = credential.Spec.IdentityRef.Name,
            Conditions = All(conditions),
            Created = credential.Metadata.CreationTimestamp,
        };
    }

    private static TemplateView Template(string kind, ObjectMeta metadata, HelmSpec? helm, TemplateStatus? status) => new()
    {
        Kind = kind,
        Namespace = metadata.Namespace,
        Name = metadata.Name ?? "",
        Uid = metadata.Uid,
        ResourceVersion = metadata.ResourceVersion,
        Labels = metadata.Labels,
        Valid = status?.Valid == true,
        ValidationError = status is null ? "not seen by Fleet yet" : status.ValidationError,
        Chart = helm?.ChartSpec?.Chart ?? helm?.ChartRef?.Name ?? helm?.ChartSource?.Path,
        ChartVersion = status?.ChartVersion ?? helm?.ChartSpec?.Version,
        Description = status?.Description,
        Created = metadata.CreationTimestamp,
    };

    private static List<ConditionView> All(ConditionSet conditions) => [.. conditions.Select(ConditionView.Of)];

    private static ServiceView Service(ServiceState service) => new()
    {
        Name = service.Name,
        Namespace = service.Namespace,
        Template = service.Template,
        State = service.State,
        Version = service.Version,
        Message = service.FailureMessage,
        Since = service.LastStateTransitionTime,
    };
}
