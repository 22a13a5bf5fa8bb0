using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>Counts the addresses of a pool, as the in-cluster IPAM provider does. Simulated machines take none out of it.</summary>
internal sealed class AddressPoolReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override bool FollowsCluster => false;

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        var wanted = Status(obj);
        if (!obj.IsDeleting() && !JsonNode.DeepEquals(obj.At("status", "ipAddresses"), wanted))
            await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => s.Put("ipAddresses", wanted.DeepClone()), ct);
        return null;
    }

    /// <summary>Pure.</summary>
    internal static JsonObject Status(JsonObject pool)
    {
        var total = AddressRanges.Count(
            pool.Texts("spec", "addresses"), pool.Texts("spec", "excludedAddresses"), pool.Text("spec", "gateway"), pool.Number("spec", "prefix"),
            pool.Flag("spec", "allocateReservedIPAddresses"));
        return new() { ["total"] = total, ["free"] = total, ["used"] = 0, ["outOfRange"] = 0 };
    }
}
