using Fleet.Control.Grains;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.References;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Makes the database of a cluster and the Secrets by which its control plane reaches it. Every step may be repeated.</summary>
internal sealed class ClusterDataSourceApplier(IKubernetesClient client)
{
    public async Task ApplyAsync(ClusterDataSourceFacts facts, ClusterDataSourcePlan plan, ReconcileRequest request, CancellationToken ct)
    {
        if (plan.KineFirst is { } first)
            await WriteAsync(facts.Object, first, request, ct);
        if (plan.Authority is { } authority)
            await WriteAsync(facts.Object, authority, request, ct);
        request.Ownership.EnsureCurrent();
        if (!plan.IsSteady || !await IsThereAsync(facts, plan, ct))
            await ClusterDatabases.EnsureAsync(facts.Server!, facts.Database, plan.Password, plan.MayCreate, ct);
        if (plan.KineAfterwards is { } moved)
            await WriteAsync(facts.Object, moved, request, ct);
    }

    private static async Task<bool> IsThereAsync(ClusterDataSourceFacts facts, ClusterDataSourcePlan plan, CancellationToken ct)
    {
        try
        {
            await ClusterDatabases.CheckAsync(facts.Server!, facts.Database, plan.Password, ct);
            return true;
        }
        catch (DatabaseException e) when (e.IsLoginRefused)
        {
            return false;
        }
    }

    private async Task WriteAsync(ClusterDataSource database, ClusterDocument document, ReconcileRequest request, CancellationToken ct)
    {
        await client.Dynamic(CoreKinds.Secrets).ApplyFencedAsync(
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject
                {
                    ["name"] = document.Place.Name,
                    ["namespace"] = document.Place.Namespace,
                    ["labels"] = new JsonObject
                    {
                        [FleetLabels.Managed] = "true", [FleetLabels.Component] = "kcm", ["cluster.x-k8s.io/cluster-name"] = database.Metadata.Name,
                    },
                    ["ownerReferences"] = new JsonArray(new JsonObject
                    {
                        ["apiVersion"] = FleetKinds.ClusterDataSources.Kind.ApiVersion,
                        ["kind"] = FleetKinds.ClusterDataSources.Kind.Kind,
                        ["name"] = database.Metadata.Name,
                        ["uid"] = database.Metadata.Uid,
                        ["controller"] = true,
                        ["blockOwnerDeletion"] = true,
                    }),
                },
                ["data"] = new JsonObject { [document.DataKey] = Convert.ToBase64String(Encoding.UTF8.GetBytes(document.Text)) },
            },
            new(OwnedObjects.FieldManager) { Force = true }, request.Ownership, ct);
    }
}
