using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Contracts.StateProviders;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.StateProviders;

/// <summary>The StateManagementProviders: which of them are Fleet itself, and which are suspended.</summary>
internal sealed class StateProviderIndex(IKubernetesClient management, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>A provider whose adapter is this definition is Fleet under another name.</summary>
    private static readonly string Definition = $"servicesets.{FleetApi.Group}";

    public Informer<CustomResource<StateManagementProviderSpec, StateManagementProviderStatus>, StateProviderRow> Informer { get; } =
        management.Resource(FleetKinds.StateManagementProviders).Informer(new InformerOptions<CustomResource<StateManagementProviderSpec, StateManagementProviderStatus>, StateProviderRow>
        {
            Project = static p => new StateProviderRow(p.Metadata.Name ?? "", p.Spec.Suspend, p.Spec.Adapter.Kind == CoreKinds.Definitions.Kind && p.Spec.Adapter.Name == Definition),
            Unchanged = EqualityComparer<StateProviderRow>.Default,
            Clock = clock,
        });

    public static string NameOf(ServiceSetSpec set) => set.Provider?.Name is { Length: > 0 } name ? name : StateManagementProviderSpec.DefaultName;

    /// <summary>Whether Fleet is to act on a ServiceSet. The default provider is Fleet, whether there is an object of it or not.</summary>
    public bool IsOurs(ServiceSetSpec set) =>
        NameOf(set) is var name && (name == StateManagementProviderSpec.DefaultName || Find(name) is { IsFleet: true });

    public bool IsSuspended(ServiceSetSpec set) => Find(NameOf(set)) is { IsSuspended: true };

    public ValueTask DisposeAsync() => Informer.DisposeAsync();

    private StateProviderRow? Find(string name) => Informer.TryGet(ObjectKey.Cluster(name), out var row) ? row : null;
}

/// <summary>What of a provider concerns its ServiceSets.</summary>
internal sealed record StateProviderRow(string Name, bool IsSuspended, bool IsFleet);
