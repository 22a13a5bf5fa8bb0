using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Networking;

/// <summary>Gives LoadBalancer Services an address, and every Service with a selector its endpoints.</summary>
internal sealed class ServiceReconciler : WorkloadReconciler
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Api.Get(CoreKinds.Service, key) is not { } service)
        {
            // Slices go with their owner; Endpoints only share the name, so theirs is ours to do.
            if (cluster.Api.Get(CoreKinds.Endpoints, key) is not null)
                await cluster.Api.DeleteAsync(CoreKinds.Endpoints, key, DeleteOptions.Background, ct);
            return null;
        }
        if (service.IsDeleting())
            return null;
        await WriteAddressAsync(cluster, service, key, ct);
        if (service.Child("spec", "selector") is { Count: > 0 } && service.Text("spec", "type") != "ExternalName")
            await WriteEndpointsAsync(cluster, service, key, ct);
        return null;
    }

    private static async ValueTask WriteAddressAsync(WorkloadCluster cluster, JsonObject service, ObjectKey key, CancellationToken ct)
    {
        var wanted = service.Text("spec", "type") == "LoadBalancer" ? ExternalAddress.Ingress(cluster.Api.Name, service) : null;
        if (wanted is null && service.At("status", "loadBalancer", "ingress") is null)
            return;
        await cluster.Api.ChangeAsync(CoreKinds.Service, key, s =>
            s.Ensure("status").Put("loadBalancer", wanted?.DeepClone() ?? new JsonObject()), status: true, ct);
    }

    private static async ValueTask WriteEndpointsAsync(WorkloadCluster cluster, JsonObject service, ObjectKey key, CancellationToken ct)
    {
        var selector = service.Strings("spec", "selector");
        var text = string.Join(',', selector.Select(p => $"{p.Key}={p.Value}"));
        var (endpoints, slice) = EndpointsPlanner.Plan(service, cluster.Api.List(CoreKinds.Pod, key.Namespace, text));
        await PutAsync(cluster, CoreKinds.Endpoints, key, endpoints, ["subsets"], ct);
        await PutAsync(cluster, CoreKinds.EndpointSlice, new(key.Namespace, EndpointsPlanner.SliceName(service)), slice, ["endpoints", "ports"], ct);
    }

    private static async ValueTask PutAsync(WorkloadCluster cluster, ResourceKind kind, ObjectKey key, JsonObject wanted, string[] fields, CancellationToken ct)
    {
        var changed = await cluster.Api.ChangeAsync(kind, key, seen =>
        {
            var differs = false;
            foreach (var field in fields)
                differs |= seen.Put(field, wanted[field]?.DeepClone());
            return differs;
        }, status: false, ct);
        if (changed is null)
            await cluster.Api.CreateAsync(kind, wanted, ct);
    }
}
