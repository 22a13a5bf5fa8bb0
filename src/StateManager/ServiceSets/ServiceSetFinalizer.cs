using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Keeps a ServiceSet from disappearing before its services have been removed.</summary>
internal sealed class ServiceSetFinalizer(IKubernetesClient management)
{
    public Task AddAsync(CustomResource<ServiceSetSpec, ServiceSetStatus> set, GrainOwnership ownership, CancellationToken ct) =>
        WriteAsync(set, [.. set.Metadata.Finalizers ?? [], FleetFinalizers.ServiceSet], ownership, ct);

    public Task RemoveAsync(CustomResource<ServiceSetSpec, ServiceSetStatus> set, GrainOwnership ownership, CancellationToken ct) =>
        WriteAsync(set, [.. (set.Metadata.Finalizers ?? []).Where(f => f != FleetFinalizers.ServiceSet)], ownership, ct);

    private async Task WriteAsync(
        CustomResource<ServiceSetSpec, ServiceSetStatus> set, List<string> finalizers, GrainOwnership ownership, CancellationToken ct)
    {
        ownership.EnsureCurrent();
        // The resourceVersion guards the list: others have finalizers in it, too.
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = set.Metadata.Uid,
                ["resourceVersion"] = set.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]),
            },
        };
        var written = await management.Resource(FleetKinds.ServiceSets).PatchAsync(set.Metadata.Key, Patch.Merge(patch), PatchOptions.Default, ct);
        set.Metadata.ResourceVersion = written.Metadata.ResourceVersion;
        set.Metadata.Finalizers = finalizers;
    }
}
