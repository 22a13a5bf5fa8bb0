using Fleet.ClusterManager.Connections;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// Finds and deletes LoadBalancer Services and volumes in a managed cluster that is about to go. Whoever made or uses them goes first, else a controller
/// would make them again, and a volume in use is never given back.
/// </summary>
internal sealed class WorkloadCleanup(ManagedClients clients)
{
    private static readonly ResourceKind Services = new("", "v1", "Service", "services", Namespaced: true);
    private static readonly ResourceKind Claims = new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", Namespaced: true);
    private static readonly ResourceKind Volumes = new("", "v1", "PersistentVolume", "persistentvolumes", Namespaced: false);
    private static readonly ResourceKind Pods = new("", "v1", "Pod", "pods", Namespaced: true);

    /// <summary>Deployment → ReplicaSet → Pod is two; operators add a few.</summary>
    private const int DeepestOwner = 5;

    public async Task<WorkloadLeftovers> ReadAsync(string? kubeconfig, CancellationToken ct)
    {
        if (kubeconfig is null)
            return new([], "there is no kubeconfig any more");
        try
        {
            using var client = clients.Open(kubeconfig);
            var services = await client.Dynamic(Services).ListAsync(
                ListOptions.All, item => (string?)item.At("spec", "type") == "LoadBalancer" ? Of(Services, item) : null, ct);
            var claims = await client.Dynamic(Claims).ListAsync(ListOptions.All, item => Of(Claims, item), ct);
            // A volume that is to be kept is kept; the others are gone when the cloud has given them back.
            var volumes = await client.Dynamic(Volumes).ListAsync(
                ListOptions.All,
                item => (string?)item.At("spec", "persistentVolumeReclaimPolicy") == "Delete" && item.At("spec", "claimRef") is not null ? Of(Volumes, item) : null, ct);
            return new([.. services.Items.OfType<Leftover>(), .. claims.Items, .. volumes.Items.OfType<Leftover>()]);
        }
        catch (Exception e) when (e is KubeApiException or KubeConfigException)
        {
            return new([], e.Message);
        }
    }

    /// <summary>Throws <see cref="KubeApiException"/>. Volumes go with their claims.</summary>
    public async Task DeleteAsync(string kubeconfig, WorkloadLeftovers leftovers, GrainOwnership ownership, CancellationToken ct)
    {
        using var client = clients.Open(kubeconfig);
        foreach (var service in leftovers.Items.Where(item => item.Kind == Services && !item.BeingDeleted))
        {
            if (await client.Dynamic(Services).GetAsync(service.Key, ct) is { } live)
                await DeleteTopOwnerAsync(client, live, ownership, ct);
            await DeleteAsync(client, service, ownership, ct);
        }
        var claims = leftovers.Items.Where(item => item.Kind == Claims && !item.BeingDeleted).ToList();
        foreach (var @namespace in claims.Select(claim => claim.Key.Namespace).Distinct())
            await DeleteUsersAsync(client, @namespace, [.. claims.Where(claim => claim.Key.Namespace == @namespace).Select(claim => claim.Key.Name)], ownership, ct);
        foreach (var claim in claims)
            await DeleteAsync(client, claim, ownership, ct);
    }

    private static async Task DeleteUsersAsync(IKubernetesClient client, string @namespace, HashSet<string> claims, GrainOwnership ownership, CancellationToken ct)
    {
        var users = await client.Dynamic(Pods).ListAsync(new() { Namespace = @namespace }, pod => Uses(pod, claims) ? pod : null, ct);
        foreach (var pod in users.Items.OfType<DynamicObject>())
            if (!await DeleteTopOwnerAsync(client, pod, ownership, ct))
                await DeleteAsync(client, Of(Pods, pod), ownership, ct);
    }

    private static bool Uses(DynamicObject pod, HashSet<string> claims) =>
        (pod.At("spec", "volumes") as System.Text.Json.Nodes.JsonArray ?? [])
            .Any(volume => (string?)volume?["persistentVolumeClaim"]?["claimName"] is { } name && claims.Contains(name));

    /// <summary>False when nothing controls the object.</summary>
    private static async Task<bool> DeleteTopOwnerAsync(IKubernetesClient client, DynamicObject item, GrainOwnership ownership, CancellationToken ct)
    {
        Leftover? top = null;
        for (var depth = 0; depth < DeepestOwner && item.Metadata.OwnerReferences?.Find(owner => owner.Controller == true) is { } owner; depth++)
        {
            // A Node is the owner of its static pods.
            if (owner.Kind == "Node" || await client.FindKindAsync(GroupVersionKind.Parse(owner.ApiVersion, owner.Kind), ct) is not { } kind)
                break;
            var key = new ObjectKey(kind.Namespaced ? item.Key.Namespace : "", owner.Name);
            if (await client.Dynamic(kind).GetAsync(key, ct) is not { } found || found.Metadata.Uid != owner.Uid)
                break;
            (top, item) = (Of(kind, found), found);
        }
        if (top is null)
            return false;
        await DeleteAsync(client, top, ownership, ct);
        return true;
    }

    private static async Task DeleteAsync(IKubernetesClient client, Leftover item, GrainOwnership ownership, CancellationToken ct)
    {
        if (!item.BeingDeleted)
            await client.Dynamic(item.Kind).DeleteFencedAsync(item.Key, item.Uid, DeleteOptions.Background, ownership, ct);
    }

    private static Leftover Of(ResourceKind kind, DynamicObject item) => new(
        kind, item.Key, item.Metadata.Uid ?? "", item.Metadata.IsBeingDeleted,
        item.Metadata is { IsBeingDeleted: true, Finalizers: { Count: > 0 } finalizers } ? $"is being deleted, held by {string.Join(", ", finalizers)}" : null);
}
