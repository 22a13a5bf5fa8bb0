using Fleet.ClusterManager.Watching;
using Fleet.Contracts.Access;
using Fleet.Control;
using Fleet.Control.Kinds;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.ClusterManager.Access;

internal static class AccessServices
{
    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public static IServiceCollection AddAccessManagement(this IServiceCollection services)
    {
        services.TryAddSingleton<AccessFactsReader>();
        services.TryAddSingleton<AccessApplier>();
        return services.AddController<AccessManagementReconciler>(provider => new()
        {
            Name = "accessmanagement",
            Triggers =
            [
                provider.Trigger(FleetKinds.AccessManagements, Changes.Own),
                NamespaceTrigger(provider),
                // Sources and copies alike: a copy that somebody changes or deletes comes back.
                provider.Trigger(FleetKinds.ClusterTemplateChains, ItsSpec),
                provider.Trigger(FleetKinds.ServiceTemplateChains, ItsSpec),
                provider.Trigger(FleetKinds.ClusterAuthentications, ItsSpec),
                provider.Trigger(FleetKinds.ClusterAuditPolicies, ItsSpec),
                provider.Trigger(FleetKinds.DataSources, ItsSpec),
                new InformerTrigger<Credential, CredentialRow>(
                    provider.GetRequiredService<ClusterWatches>().Credentials,
                    change => change.Type == InformerEventType.Updated && change.Previous!.Generation == change.Item.Generation ? [] : Singleton),
            ],
        });
    }

    private static IEnumerable<ObjectKey> Singleton { get; } = [ObjectKey.Cluster(AccessManagementSpec.SingletonName)];

    private static IEnumerable<ObjectKey> ItsSpec<T>(InformerEvent<T> change)
        where T : class, IKubernetesObject => Changes.Own(change).Any() ? Singleton : [];

    private static InformerTrigger<DynamicObject, NamespaceRow> NamespaceTrigger(IServiceProvider provider) => new(
        provider.GetRequiredService<IKubernetesClient>().Dynamic(Namespaces).Informer(new InformerOptions<DynamicObject, NamespaceRow>
        {
            Project = NamespaceRow.Of,
            Unchanged = EqualityComparer<NamespaceRow>.Default,
            Clock = provider.GetRequiredService<TimeProvider>(),
        }),
        _ => Singleton);

    private sealed record NamespaceRow(string Name, bool IsBeingDeleted, string Labels)
    {
        public static NamespaceRow Of(DynamicObject item) => new(
            item.Key.Name,
            item.Metadata.IsBeingDeleted,
            string.Join(',', (item.Metadata.Labels ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")));
    }
}
