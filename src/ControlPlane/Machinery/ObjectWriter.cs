using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Admission;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Patching;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>Creates and updates: everything between a decoded body and the store.</summary>
internal sealed class ObjectWriter(Cluster cluster)
{
    /// <summary>Takes the body over. <paramref name="namespace"/> is the one of the request's path.</summary>
    public async ValueTask<StoredObject> CreateAsync(KindInfo kind, string? @namespace, JsonObject body, WriteContext context, CancellationToken ct)
    {
        ObjectPreparation.CheckType(kind, body);
        var key = ObjectPreparation.ForCreate(cluster, kind, @namespace, body);
        CheckNamespace(kind, key.Namespace);
        await FinishAsync(kind, key, body, null, AdmissionOperation.Create, context, ct);
        body = FieldOwnership.Track(kind, null, body, context, cluster.Settings.Clock);
        KindConversion.ToStorage(kind, body);
        var table = cluster.Table(kind);
        if (context.DryRun)
        {
            if (table.State.Find(key) is not null) throw ApiErrors.AlreadyExists(kind, key.Name);
            // What was not stored has no version.
            return ObjectBytes.Write(key, body, 0);
        }
        return await cluster.Store.CommitAsync(new Change(table, key, 0, body)) ?? throw ApiErrors.AlreadyExists(kind, key.Name);
    }

    /// <summary>
    /// Reads, lets <paramref name="next"/> make the new state out of a private copy of the present one, and writes it. Null means that nothing is
    /// to be done. A resourceVersion in the new state must be the present one; the read is repeated when somebody else was faster.
    /// </summary>
    public ValueTask<StoredObject> UpdateAsync(
        KindInfo kind, ObjectKey key, Func<JsonObject, JsonObject?> next, WriteContext context, CancellationToken ct) =>
        WriteAsync(kind, key, current => next(Cluster.Show(kind, current)), context, ct);

    /// <summary>As <see cref="UpdateAsync"/>, where the new state does not depend on the present one. The body stays as it is.</summary>
    public ValueTask<StoredObject> ReplaceAsync(KindInfo kind, ObjectKey key, JsonObject body, WriteContext context, CancellationToken ct) =>
        WriteAsync(kind, key, _ => (JsonObject)body.DeepClone(), context, ct);

    private async ValueTask<StoredObject> WriteAsync(
        KindInfo kind, ObjectKey key, Func<StoredObject, JsonObject?> next, WriteContext context, CancellationToken ct)
    {
        var table = cluster.Table(kind);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var current = table.State.Find(key) ?? throw ApiErrors.NotFound(kind, key.Name);
            if (next(current) is not { } body) return current;
            var old = Cluster.Show(kind, current);

            ObjectPreparation.CheckType(kind, body);
            CheckCondition(kind, key, body, current);
            ObjectPreparation.ForUpdate(kind, key, body, old, context.Subresource);
            await FinishAsync(kind, key, body, old, AdmissionOperation.Update, context, ct);
            ObjectPreparation.SetGeneration(kind, body, old);
            body = FieldOwnership.Track(kind, old, body, context, cluster.Settings.Clock);

            body.Metadata()["resourceVersion"] = current.Revision.ToString(CultureInfo.InvariantCulture);
            if (ServerSideApply.IsNoOp(old, body)) return current;
            KindConversion.ToStorage(kind, body);
            if (context.DryRun) return ObjectBytes.Write(key, body, current.Revision);
            var gone = ObjectPreparation.IsReleased(kind, body);
            if (await cluster.Store.CommitAsync(new Change(table, key, current.Revision, body, Delete: gone)) is { } written) return written;
            // Somebody else was faster. A resourceVersion that the caller stated no longer fits and fails above.
        }
    }

    private static void CheckCondition(KindInfo kind, ObjectKey key, JsonObject body, StoredObject current)
    {
        var metadata = body.Metadata();
        if (metadata["uid"].Text() is { Length: > 0 } uid && uid != current.Uid)
            throw ApiErrors.Conflict(kind, key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        if (metadata["resourceVersion"].Text() is { Length: > 0 } version && version != current.Revision.ToString(CultureInfo.InvariantCulture))
            throw ApiErrors.Changed(kind, key.Name);
    }

    private async ValueTask FinishAsync(
        KindInfo kind, ObjectKey key, JsonObject body, JsonObject? old, AdmissionOperation operation, WriteContext context, CancellationToken ct)
    {
        KindRules.Default(cluster, kind, body, old, context);
        var causes = new List<ApiStatusCause>();
        KindRules.Validate(kind, body, old, causes);
        if (causes.Count > 0) throw ApiErrors.Invalid(kind, key.Name, causes);
        // As a validating webhook, admission sees only what the schema allows: the schema says better what has the wrong type or is not there.
        await AdmissionChain.RunAsync(cluster, kind, operation, key, body, old, context, ct);
    }

    private void CheckNamespace(KindInfo kind, string @namespace)
    {
        if (!kind.Namespaced) return;
        var namespaces = BuiltInKinds.Namespaces;
        if (cluster.Find(namespaces, ObjectKey.Cluster(@namespace)) is not { } found) throw ApiErrors.NotFound(namespaces, @namespace);
        if (StoredFields.At(found, "metadata"u8, "deletionTimestamp"u8).TokenType == System.Text.Json.JsonTokenType.None) return;
        throw new KubeApiException(403, "Forbidden",
            $"{kind.QualifiedPlural} is forbidden: unable to create new content in namespace {@namespace} because it is being terminated",
            new(null, kind.Group, kind.Plural,
                [new("NamespaceTerminating", $"namespace {@namespace} is being terminated", "metadata.namespace")], null));
    }
}
