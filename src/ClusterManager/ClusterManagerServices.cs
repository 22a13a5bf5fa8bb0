using Fleet.ClusterManager.Access;
using Fleet.ClusterManager.Admission;
using Fleet.ClusterManager.Api;
using Fleet.ClusterManager.Backups;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Chains;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Components;
using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Credentials;
using Fleet.ClusterManager.Credentials.Copies;
using Fleet.ClusterManager.DataSources;
using Fleet.ClusterManager.Deletion;
using Fleet.ClusterManager.Ipam;
using Fleet.ClusterManager.Metrics;
using Fleet.ClusterManager.Managements;
using Fleet.ClusterManager.Providers;
using Fleet.ClusterManager.References;
using Fleet.ClusterManager.Regions;
using Fleet.ClusterManager.ReleaseCatalog;
using Fleet.ClusterManager.Templates;
using Fleet.ClusterManager.Upgrades;
using Fleet.ClusterManager.Watching;
using Fleet.Control;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Control.Watching;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager;

/// <summary>Registration of the ClusterManager: the table of contents.</summary>
public static class ClusterManagerServices
{
    /// <summary>Needs an <c>IKubernetesClient</c> of the management cluster and <c>AddHelm</c>.</summary>
    public static IServiceCollection AddClusterManager(this IServiceCollection services, ClusterManagerOptions options)
    {
        services.TryAddSingleton(options);
        return services
            .AddControl()
            .AddAdminApi(options.Api, options.Audit)
            .AddTemplates()
            .AddAdmission(options.Webhook)
            .AddWatches()
            .AddProviders()
            .AddTemplateChecks()
            .AddTemplateChains()
            .AddAccessManagement()
            .AddCredentialCheck()
            .AddIpam()
            .AddDataSources()
            .AddComponents()
            .AddReleaseCatalog()
            .AddManagement()
            .AddRegions()
            .AddManagementBackups()
            .AddClusters();
    }

    private static IServiceCollection AddWatches(this IServiceCollection services)
    {
        services.TryAddSingleton<ClusterWatches>();
        services.TryAddSingleton<Dependants>();
        services.TryAddSingleton<ReferenceWatches>();
        services.TryAddSingleton<ReferenceDependants>();
        services.TryAddSingleton<ClusterMetrics>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterMetrics>());
        return services;
    }

    private static IServiceCollection AddCredentialCheck(this IServiceCollection services)
    {
        services.TryAddSingleton<ManagedClients>();
        services.TryAddSingleton<IClusterProbe, ClusterProbe>();
        services.TryAddSingleton<SecretShapes>();
        services.TryAddSingleton<CredentialFactsReader>();
        services.TryAddSingleton<Finalizers>();
        services.TryAddSingleton<IdentityCopies>();
        services.TryAddSingleton<RegionalIdentity>();
        return services.AddController<CredentialReconciler>(provider =>
        {
            var (watches, dependants) = Watches(provider);
            return new()
            {
                Name = "credential",
                Triggers =
                [
                    new InformerTrigger<Credential, CredentialRow>(watches.Credentials, change => OwnChange(change.Previous, change.Item)),
                    TriggerOf(watches.Secrets, dependants.CredentialsOf),
                    new InformerTrigger<ClusterDeployment, ClusterRow>(watches.Clusters, Dependants.CredentialsOf),
                    new AppearingKindsTrigger(watches, Dependants.IsIdentity, dependants.CredentialsOf),
                    provider.RegionTrigger(region => dependants.CredentialsIn(region.Name)),
                    provider.GetRequiredService<RegionTriggers>().Credentials,
                ],
            };
        });
    }

    private static IServiceCollection AddIpam(this IServiceCollection services) => services
        .AddController<ClusterIpamClaimReconciler>(provider => new()
        {
            Name = "clusteripamclaim",
            Triggers = [provider.Trigger(FleetKinds.ClusterIpamClaims, Changes.Own), provider.Trigger(FleetKinds.ClusterIpams, static change => [change.Key])],
        })
        .AddController<ClusterIpamReconciler>(provider =>
        {
            var (watches, _) = Watches(provider);
            return new()
            {
                Name = "clusteripam",
                Triggers =
                [
                    provider.Trigger(FleetKinds.ClusterIpams, Changes.Own),
                    provider.Trigger(FleetKinds.ClusterIpamClaims, Changes.Own),
                    new AppearingKindsTrigger(watches, definition => definition.Group == IpamPools.Group, pool => [pool.Key]),
                ],
            };
        });

    private static IServiceCollection AddClusters(this IServiceCollection services)
    {
        services.TryAddSingleton(Management);
        services.TryAddSingleton<TemplateLookup>();
        services.TryAddSingleton<ServicePlacementReader>();
        services.TryAddSingleton<ServiceSetLookup>();
        services.TryAddSingleton<TemplateChains>();
        services.TryAddSingleton<ClusterPlans>();
        services.TryAddSingleton<SecretValues>();
        services.TryAddSingleton<ReferenceReader>();
        services.TryAddSingleton<ReferenceApplier>();
        services.TryAddSingleton<ClusterFactsReader>();
        services.TryAddSingleton<ClusterWork>();
        services.TryAddSingleton<ClusterParts>();
        services.TryAddSingleton<ClusterApplier>();
        services.TryAddSingleton<ClusterEvents>();
        services.TryAddSingleton<ClusterReports>();
        services.TryAddSingleton<WorkloadCleanup>();
        services.TryAddSingleton<DeletionFactsReader>();
        services.TryAddSingleton<DeletionAbandonment>();
        services.TryAddSingleton<DeletionSteps>();
        services.TryAddSingleton<SharedDeletionAccount>();
        services.TryAddSingleton<DeletionBreaker>();
        services.TryAddSingleton<ClusterDeletion>();
        return services.AddController<ClusterDeploymentReconciler>(provider =>
        {
            var (watches, dependants) = Watches(provider);
            var (references, users) = (provider.GetRequiredService<ReferenceWatches>(), provider.GetRequiredService<ReferenceDependants>());
            return new()
            {
                Name = "clusterdeployment",
                Concurrency = 32,
                Timeout = TimeSpan.FromMinutes(10),
                GrainOf = GrainId.OfCluster,
                Triggers =
                [
                    new InformerTrigger<ClusterDeployment, ClusterRow>(watches.Clusters, Dependants.Itself),
                    TriggerOf(watches.Templates, dependants.ClustersOf),
                    TriggerOf(watches.Chains, dependants.ClustersOf),
                    TriggerOf(watches.Credentials, dependants.ClustersOf),
                    TriggerOf(watches.Secrets, dependants.ClustersOf),
                    new InformerTrigger<PartialObjectMetadata, AppearedRow>(watches.ResourceTemplates, change => dependants.ClustersOfTemplate(change.Item.Key)),
                    TriggerOf(watches.Secrets, users.ClustersOf),
                    TriggerOf(references.Authentications, row => users.ClustersOf(FleetKinds.ClusterAuthentications.Kind, row.Key)),
                    TriggerOf(references.AuditPolicies, row => users.ClustersOf(FleetKinds.ClusterAuditPolicies.Kind, row.Key)),
                    TriggerOf(references.DataSources, row => users.ClustersOf(FleetKinds.DataSources.Kind, row.Key)),
                    TriggerOf(references.Databases, row => [row.Key]),
                    provider.Trigger(FleetKinds.ClusterIpamClaims, change => users.ClustersOf(FleetKinds.ClusterIpamClaims.Kind, change.Key)),
                    provider.Trigger(FleetKinds.ClusterIpams, users.ClustersOf),
                    TriggerOf(watches.ServiceSets, set => [new(set.Key.Namespace, set.Cluster)]),
                    new AppearingKindsTrigger(watches, Dependants.IsCapiCluster, Dependants.ClustersOf),
                    new InformerTrigger<Management, ProviderOffer>(
                        provider.GetRequiredService<ProviderOffers>().Managements, change => ProviderOffers.Matters(change) ? dependants.AllClusters() : []),
                    new InformerTrigger<ProviderInterface, KnownInterface>(provider.GetRequiredService<ProviderInterfaces>().Known, _ => dependants.AllClusters()),
                    provider.RegionTrigger(region => dependants.ClustersIn(region.Name)),
                    provider.GetRequiredService<LinkTrigger>(),
                ],
            };
        });
    }

    private static CapiHost Management(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<ClusterManagerOptions>();
        return new(provider.GetRequiredService<IKubernetesClient>(), options.Management, provider.GetRequiredService<IHelm>(), options.HelmTimeout);
    }

    private static (ClusterWatches Watches, Dependants Dependants) Watches(IServiceProvider provider) =>
        (provider.GetRequiredService<ClusterWatches>(), provider.GetRequiredService<Dependants>());

    private static InformerTrigger<T, TItem> TriggerOf<T, TItem>(
        Informer<T, TItem> informer, Func<TItem, IEnumerable<ObjectKey>> keysFor)
        where T : class, IKubernetesObject => new(informer, change => keysFor(change.Item));

    // The status that a reconciler has written itself asks for nothing.
    private static IEnumerable<ObjectKey> OwnChange(CredentialRow? before, CredentialRow after) =>
        before?.Generation == after.Generation && before?.IsBeingDeleted == after.IsBeingDeleted && before?.Requested == after.Requested ? [] : [after.Key];
}
