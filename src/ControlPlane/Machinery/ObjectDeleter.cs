using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Admission;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>The outcome of a delete: the last state, and whether the object is gone or waits for finalizers or its grace period.</summary>
internal readonly record struct DeletionResult(StoredObject Object, bool Gone);

/// <summary>Deletes as upstream does: preconditions, graceful pods, finalizers, namespaces that empty themselves first.</summary>
internal sealed class ObjectDeleter(Cluster cluster)
{
    public async ValueTask<DeletionResult> DeleteAsync(KindInfo kind, ObjectKey key, Deletion deletion, WriteContext context, CancellationToken ct)
    {
        var table = cluster.Table(kind);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var current = table.State.Find(key) ?? throw ApiErrors.NotFound(kind, key.Name);
            CheckPreconditions(kind, current, deletion);
            var body = current.Parse();
            await AdmissionChain.RunAsync(cluster, kind, AdmissionOperation.Delete, key, null, body, context, ct);
            if (ProtectedNamespace(kind, key)) throw ApiErrors.Forbidden(kind, key.Name, "this namespace may not be deleted");

            var wasTerminating = body.IsTerminating();
            var before = body.ToJsonString();
            var gone = Prepare(kind, body, deletion);
            if (context.DryRun) return new(current, gone);
            if (!gone && wasTerminating && body.ToJsonString() == before) return new(current, false);
            if (await cluster.Store.CommitAsync(new Change(table, key, current.Revision, body, Delete: gone)) is { } done) return new(done, gone);
        }
    }

    /// <summary>Puts the marks of deletion on the object; true when nothing holds it any more.</summary>
    private bool Prepare(KindInfo kind, JsonObject body, Deletion deletion)
    {
        switch (deletion.Propagation)
        {
            case DeletionPropagation.Foreground:
                body.RemoveFinalizer("orphan");
                body.AddFinalizer("foregroundDeletion");
                break;
            case DeletionPropagation.Orphan:
                body.RemoveFinalizer("foregroundDeletion");
                body.AddFinalizer("orphan");
                break;
            case DeletionPropagation.Background:
                body.RemoveFinalizer("orphan");
                body.RemoveFinalizer("foregroundDeletion");
                break;
        }
        var grace = GraceOf(kind, body, deletion);
        var held = grace > 0 || body.Finalizers() is { Count: > 0 } || HeldBySpec(kind, body);
        if (!held) return true;

        var metadata = body.Metadata();
        if (metadata["deletionTimestamp"] is null)
        {
            metadata["deletionTimestamp"] = cluster.Settings.Clock.GetUtcNow().AddSeconds(grace)
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            metadata["deletionGracePeriodSeconds"] = grace;
            if (metadata["generation"].Number() is { } generation) metadata["generation"] = generation + 1;
        }
        else if (grace < (metadata["deletionGracePeriodSeconds"].Number() ?? 0))
        {
            metadata["deletionGracePeriodSeconds"] = grace;
        }
        if (kind is { Kind: "Namespace", Group: "" })
        {
            if (body["status"] is not JsonObject status) body["status"] = status = [];
            status["phase"] = "Terminating";
        }
        return false;
    }

    /// <summary>Only pods that a node may be running are given time.</summary>
    private static long GraceOf(KindInfo kind, JsonObject body, Deletion deletion)
    {
        if (kind is not { Kind: "Pod", Group: "" }) return 0;
        if (body["spec"]?["nodeName"].Text() is null or "" || body["status"]?["phase"].Text() is "Succeeded" or "Failed") return 0;
        if (deletion.GracePeriodSeconds is { } asked) return Math.Max(0, asked);
        return body["metadata"]?["deletionGracePeriodSeconds"].Number() ?? body["spec"]?["terminationGracePeriodSeconds"].Number() ?? 30;
    }

    private static bool HeldBySpec(KindInfo kind, JsonObject body) =>
        kind is { Kind: "Namespace", Group: "" } && body["spec"]?["finalizers"] is JsonArray { Count: > 0 };

    private static bool ProtectedNamespace(KindInfo kind, ObjectKey key) =>
        kind is { Kind: "Namespace", Group: "" } && key.Name is "default" or "kube-system" or "kube-public" && kind.Kind == "Namespace";

    private static void CheckPreconditions(KindInfo kind, StoredObject current, Deletion deletion)
    {
        if (deletion.Uid is { Length: > 0 } uid && uid != current.Uid)
            throw ApiErrors.Conflict(kind, current.Key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        var version = current.Revision.ToString(CultureInfo.InvariantCulture);
        if (deletion.ResourceVersion is { Length: > 0 } wanted && wanted != version)
            throw ApiErrors.Conflict(kind, current.Key.Name,
                $"Precondition failed: ResourceVersion in precondition: {wanted}, ResourceVersion in object meta: {version}");
    }
}
