using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>Writes and deletes ServiceSets. A failure of one cluster's keeps no other from being written.</summary>
internal sealed class MultiClusterApplier(IKubernetesClient management)
{
    private const string FieldManager = "fleet-multi-cluster-service";

    /// <summary>What went wrong, by ServiceSet; empty when nothing did.</summary>
    public async Task<IReadOnlyDictionary<ObjectKey, string>> ApplyAsync(MultiClusterRow self, MultiClusterPlan plan, GrainOwnership ownership, CancellationToken ct)
    {
        var failures = new Dictionary<ObjectKey, string>();
        foreach (var target in plan.Targets.Where(target => target.Write is not null))
            await TryAsync(new(target.Facts.Cluster.Key.Namespace, target.Name), key => WriteAsync(self, target, key, ownership, ct), failures);
        foreach (var removal in plan.Removals)
            await TryAsync(removal.Set.Metadata.Key, _ => RemoveAsync(removal, ownership, ct), failures);
        return failures;
    }

    public async Task SetFinalizerAsync(MultiClusterRow self, bool wanted, GrainOwnership ownership, CancellationToken ct)
    {
        ownership.EnsureCurrent();
        var others = (self.Metadata.Finalizers ?? []).Where(name => name != FleetFinalizers.MultiClusterService);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                // The resourceVersion guards the list: others have finalizers in it, too.
                ["uid"] = self.Metadata.Uid,
                ["resourceVersion"] = self.Metadata.ResourceVersion,
                ["finalizers"] = new JsonArray([.. (wanted ? others.Append(FleetFinalizers.MultiClusterService) : others).Select(name => (JsonNode)name)]),
            },
        };
        var written = await management.Dynamic(self.Kind).PatchAsync(self.Key, Patch.Merge(patch), new() { FieldManager = FieldManager }, ct);
        self.Metadata.ResourceVersion = written.Metadata.ResourceVersion;
    }

    private async Task WriteAsync(MultiClusterRow self, TargetPlan target, ObjectKey key, GrainOwnership ownership, CancellationToken ct)
    {
        await management.Dynamic(FleetKinds.ServiceSets.Kind).ApplyFencedAsync(
            new()
            {
                ["apiVersion"] = FleetKinds.ServiceSets.Kind.ApiVersion,
                ["kind"] = FleetKinds.ServiceSets.Kind.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = key.Name,
                    ["namespace"] = key.Namespace,
                    ["labels"] = new JsonObject { [FleetLabels.Managed] = "true", [FleetLabels.Adapter] = "kcm-controller-manager" },
                    ["ownerReferences"] = new JsonArray(new JsonObject
                    {
                        ["apiVersion"] = self.Kind.ApiVersion,
                        ["kind"] = self.Kind.Kind,
                        ["name"] = self.Key.Name,
                        ["uid"] = self.Metadata.Uid,
                        ["controller"] = true,
                        ["blockOwnerDeletion"] = true,
                    }),
                },
                ["spec"] = JsonSerializer.SerializeToNode(target.Write!, ContractsJson.Default.ServiceSetSpec),
            },
            new(FieldManager) { Force = true }, ownership, ct);
    }

    private async Task RemoveAsync(RemovalStep removal, GrainOwnership ownership, CancellationToken ct)
    {
        var set = removal.Set.Metadata;
        var sets = management.Dynamic(FleetKinds.ServiceSets.Kind);
        if (removal.Leave)
            await sets.PatchFencedAsync(
                set.Key, set.Uid,
                new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.DeletionPolicy] = "Orphan" } } },
                new() { FieldManager = FieldManager }, ownership, ct);
        await sets.DeleteFencedAsync(set.Key, set.Uid, DeleteOptions.Background, ownership, ct);
    }

    private static async Task TryAsync(ObjectKey key, Func<ObjectKey, Task> step, Dictionary<ObjectKey, string> failures)
    {
        try
        {
            await step(key);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // Gone meanwhile: the watch will tell.
        }
        catch (KubeApiException e)
        {
            failures[key] = e.Message;
        }
    }
}
