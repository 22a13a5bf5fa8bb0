using Fleet.Contracts.Services;
using Fleet.Control;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Regions;
using Fleet.Control.Templates;
using Fleet.Control.Watching;
using Fleet.Helm;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Api;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Drift.History;
using Fleet.StateManager.Holds;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.MultiClusterServices;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Patches;
using Fleet.StateManager.Policies;
using Fleet.StateManager.Reloading;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.ServiceTemplates;
using Fleet.StateManager.Services;
using Fleet.StateManager.StateProviders;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.StateManager;

/// <summary>Everything StateManager is made of.</summary>
public static class StateManagerServices
{
    /// <summary>Adds the controllers. A client for the management cluster and Helm that are registered before are used instead of own ones.</summary>
    public static IServiceCollection AddStateManager(this IServiceCollection services, StateManagerOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton<IKubernetesClient>(s => KubernetesClient.Create(Management(options), new() { Clock = s.GetRequiredService<TimeProvider>() }));
        if (!services.Any(s => s.ServiceType == typeof(HelmOptions)))
            services.AddHelm(Helm(options));
        services.AddControl();
        services.AddTemplates();
        services.TryAddSingleton<StateMetrics>();
        services.AddServiceApi(options.Api, options.Audit);
        services.AddDriftHistory(options.Drift);
        return services.AddStateProviders().AddServiceTemplates().AddServiceSets().AddMultiClusterServices().AddCompliance(options.Compliance);
    }

    private static IServiceCollection AddStateProviders(this IServiceCollection services)
    {
        services.AddSingleton<StateProviderIndex>();
        services.AddSingleton<StateProviderWatches>();
        services.AddSingleton<StateProviderFactsReader>();
        return services.AddController<StateProviderReconciler>(s => new ControllerOptions
        {
            Name = "statemanagementprovider",
            Triggers = [s.Trigger(FleetKinds.StateManagementProviders, Changes.Own), s.GetRequiredService<StateProviderWatches>()],
        });
    }

    private static IServiceCollection AddServiceTemplates(this IServiceCollection services)
    {
        services.AddSingleton<KustomizeBuilds>();
        services.AddSingleton<ManifestTexts>();
        services.AddSingleton<ManifestTemplateCheck>();
        services.AddSingleton<ServiceTemplateCheck>();
        services.AddSingleton<FoundationLayer>();
        services.AddSingleton<SourceWatches>();
        services.AddSingleton<ServiceTemplateTriggers>();
        return services.AddController<ServiceTemplateReconciler>(s => new ControllerOptions
        {
            Name = "servicetemplate",
            Triggers = s.GetRequiredService<ServiceTemplateTriggers>().All(),
        });
    }

    private static IServiceCollection AddServiceSets(this IServiceCollection services)
    {
        services.AddSingleton<HealthRuleBook>();
        services.AddSingleton<ServiceSetIndex>();
        services.AddSingleton<ManagedClusterTrigger>();
        services.TryAddSingleton<RegionReader>();
        services.AddSingleton<RegionClients>();
        services.AddSingleton<TemplateContext>();
        services.AddSingleton<KubernetesFit>();
        services.AddSingleton<ServiceSources>();
        services.AddSingleton<ReferenceRights>();
        services.AddSingleton<TemplateInputsReader>();
        services.AddSingleton<RenderedTexts>();
        services.AddSingleton<ServiceValuesReader>();
        services.AddSingleton<PatchReader>();
        services.AddSingleton<PatchedManifests>();
        services.AddSingleton<ServiceInputs>();
        services.AddSingleton<ManifestChart>();
        services.AddSingleton<PolicyFiles>();
        services.AddSingleton<PolicyTexts>();
        services.AddSingleton<PolicySource>();
        services.AddSingleton<ManifestServices>();
        services.AddSingleton<TargetClusters>();
        services.AddSingleton<ServiceSetFactsReader>();
        services.AddSingleton<ServiceSetApplier>();
        services.AddSingleton<ServiceEvents>();
        services.AddSingleton<ServiceSetStatusWrites>();
        services.AddSingleton<ServiceSetFinalizer>();
        services.AddSingleton<HoldWrites>();
        services.AddSingleton<ServiceSetTriggers>();
        services.AddSingleton<DriftFactsReader>();
        services.AddSingleton<DriftCorrector>();
        services.AddSingleton<DriftReports>();
        services.AddSingleton<WorkloadReloads>();
        services.AddSingleton<ObjectKeeping>();
        return services.AddController<ServiceSetReconciler>(s => new ControllerOptions
        {
            Name = "serviceset",
            Concurrency = s.GetRequiredService<StateManagerOptions>().Concurrency,
            // Helm's own time-outs bound each step; this bounds a reconcile of many steps that all wait.
            Timeout = TimeSpan.FromHours(1),
            GrainOf = s.GetRequiredService<ServiceSetIndex>().GrainOf,
            Triggers = s.GetRequiredService<ServiceSetTriggers>().All(),
        });
    }

    private static IServiceCollection AddMultiClusterServices(this IServiceCollection services)
    {
        services.AddSingleton<PlacementWatches>();
        services.AddSingleton<MultiClusterFactsReader>();
        services.AddSingleton<MultiClusterApplier>();
        return services
            .AddMultiClusterKind("multiclusterservice", FleetKinds.MultiClusterServices)
            .AddMultiClusterKind("namespacedmulticlusterservice", FleetKinds.NamespacedMultiClusterServices);
    }

    private static IServiceCollection AddMultiClusterKind<TSpec>(
        this IServiceCollection services, string name, ResourceType<CustomResource<TSpec, MultiClusterServiceStatus>> type)
        where TSpec : MultiClusterSpec, new()
    {
        services.AddSingleton(s => new MultiClusterRows<TSpec>(s.GetRequiredService<IKubernetesClient>(), type, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MultiClusterTriggers<TSpec>>();
        return services.AddController<MultiClusterServiceReconciler<TSpec>>(s => new ControllerOptions
        {
            Name = name,
            Triggers = s.GetRequiredService<MultiClusterTriggers<TSpec>>().All(),
        });
    }

    private static ClusterEndpoint Management(StateManagerOptions options) =>
        options.Kubeconfig is null && Environment.GetEnvironmentVariable("KUBECONFIG") is null && InClusterConfig.IsAvailable
            ? InClusterConfig.Load()
            : options.Kubeconfig is { } path ? KubeConfig.FollowEndpoint(path) : KubeConfig.LoadEndpoint();

    private static HelmOptions Helm(StateManagerOptions options)
    {
        var helm = new HelmOptions { Folder = options.Folder, SecretsFolder = options.SecretsFolder, BinaryPath = options.Helm, KubectlPath = options.Kubectl };
        return options.HelmProcesses > 0 ? helm with { MaxProcesses = options.HelmProcesses } : helm;
    }
}
