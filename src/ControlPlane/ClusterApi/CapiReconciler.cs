using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>A reconciler of one Cluster API kind: reads the object, notes whose it is, and honours pause before anything else.</summary>
internal abstract class CapiReconciler(ResourceKind kind) : IReconciler
{
    /// <summary>False for objects that somebody else reconciles: they are looked at, and never written.</summary>
    protected virtual bool IsOurs => true;

    /// <summary>False for objects to which a change of their Cluster means nothing.</summary>
    protected virtual bool FollowsCluster => true;

    /// <summary>How long until something that is not there yet, and that no change will tell of, is looked for again.</summary>
    protected static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    public ResourceKind Kind { get; } = kind;

    async ValueTask<TimeSpan?> IReconciler.ReconcileAsync(ClusterScope scope, ObjectKey key, CancellationToken ct)
    {
        var management = (ManagementScope)scope;
        if (management.Api.Get(Kind, key) is not { } obj)
            return null;
        var cluster = Kind.Kind == "Cluster" ? obj : management.ClusterOf(obj);
        if (cluster is not null && Kind.Kind != "Cluster" && FollowsCluster)
            management.Members.Add(cluster.KeyOf(), Kind, key);
        if (obj.Controller() is { } owner)
            management.RememberOwner(new(Kind.Kind, key), new(owner.Text("kind")!, new(key.Namespace, owner.Text("name")!)));
        var paused = ClusterContract.IsPaused(cluster, obj);
        if (!IsOurs)
            return await ReconcileAsync(management, obj, cluster, ct);
        if (paused || obj.FindCondition("Paused") is not null)
            await WritePausedAsync(management, obj, key, paused, cluster?.Flag("spec", "paused") == true, ct);
        return paused ? null : await ReconcileAsync(management, obj, cluster, ct);
    }

    /// <param name="scope">The management cluster.</param>
    /// <param name="obj">The object, read just now.</param>
    /// <param name="cluster">The Cluster that it belongs to; null while it belongs to none.</param>
    /// <param name="ct">Cancels.</param>
    protected abstract ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct);

    private async ValueTask WritePausedAsync(ManagementScope scope, JsonObject obj, ObjectKey key, bool paused, bool byCluster, CancellationToken ct)
    {
        var message = byCluster ? "Cluster spec.paused is set to true" : $"{Kind.Kind} has the {CapiNames.PausedAnnotation} annotation";
        await scope.ChangeStatusAsync(Kind, key, s => s.SetCondition(
            Condition.Of("Paused", paused, paused ? "Paused" : "NotPaused", paused ? message : ""), scope.Now, obj.Generation()), ct);
    }
}
