using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Patching;
using Fleet.ControlPlane.Schemas;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>PATCH in its four dialects.</summary>
internal static class PatchEndpoint
{
    private const string JsonType = "application/json-patch+json";
    private const string MergeType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string ApplyType = "application/apply-patch+yaml";

    public static async Task HandleAsync(ApiRequest request, string? subresource)
    {
        if (request.Target.Name is null) throw ApiErrors.MethodNotAllowed();
        var type = RequestBody.MediaType(request.Http.Request);
        if (type is not (JsonType or MergeType or StrategicType or ApplyType))
            throw ApiErrors.UnsupportedMediaType($"{JsonType}, {MergeType}, {ApplyType}, {StrategicType}");
        var bytes = await RequestBody.ReadAsync(request.Http.Request, request.Aborted) ?? throw ApiErrors.BadRequest("the patch has no body");
        var patch = RequestBody.Decode(bytes, yaml: type == ApplyType, request.DuplicateFields);
        var context = request.Context(isApply: type == ApplyType, subresource);
        if (type == ApplyType)
        {
            var (applied, created) = await ApplyAsync(request, patch, context);
            WriteEndpoints.SendWarnings(request, context);
            await ResponseBytes.WriteAsync(request, created ? 201 : 200, request.Kind, applied);
            return;
        }
        var stored = await request.Cluster.Writer.UpdateAsync(
            request.Kind, request.Key, current => Patched(request.Kind, type, current, patch), context, request.Aborted);
        WriteEndpoints.SendWarnings(request, context);
        await ResponseBytes.WriteAsync(request, 200, request.Kind, stored);
    }

    /// <summary>The patched object; what the patch makes of it must still be an object.</summary>
    public static JsonObject Patched(KindInfo kind, string type, JsonObject current, JsonNode? patch)
    {
        var result = type switch
        {
            JsonType => JsonPatch.Apply(current, patch),
            MergeType => JsonMergePatch.Apply(current, patch as JsonObject ?? throw ApiErrors.BadRequest("a merge patch must be an object")),
            _ => StrategicMergePatch.Apply(current, patch as JsonObject ?? throw ApiErrors.BadRequest("a strategic merge patch must be an object"),
                kind.Custom is null ? kind.Schema : null),
        };
        return result as JsonObject ?? throw ApiErrors.BadRequest("the patch does not result in an object");
    }

    private static async ValueTask<(StoredObject Stored, bool Created)> ApplyAsync(ApiRequest request, JsonNode? patch, WriteContext context)
    {
        var kind = request.Kind;
        var configuration = patch as JsonObject ?? throw ApiErrors.BadRequest("an applied configuration must be an object");
        if (request.Query("fieldManager") is null or "")
            throw new KubeApiException(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
                new("", "meta.k8s.io", "PatchOptions", [new("FieldValueRequired", "Required value: is required for apply patch", "fieldManager")], null));
        ObjectPreparation.CheckType(kind, configuration);
        if (configuration.Metadata()["managedFields"] is JsonArray { Count: > 0 })
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        var metadata = configuration.Metadata();
        if (metadata["name"].Text() is null or "") metadata["name"] = request.Key.Name;
        if (kind.Namespaced && metadata["namespace"].Text() is null or "" && kind.Namespaced) metadata["namespace"] = request.Key.Namespace;
        if (kind.Schema is { } schema && SchemaPruning.FindUnknown(configuration, schema) is [var unknown, ..])
            throw ApiErrors.BadRequest($"failed to create typed patch object ({request.Key}; {kind.Group}/{kind.Version}, Kind={kind.Kind}): .{unknown}: field not declared in schema");
        var writer = FieldOwnership.Writer(kind, context, request.Cluster.Settings.Clock);
        var force = request.Flag("force");
        while (true)
        {
            try
            {
                var updated = await request.Cluster.Writer.UpdateAsync(
                    kind, request.Key, current => ServerSideApply.Apply(current, configuration, kind.Schema, writer, force), context, request.Aborted);
                return (updated, false);
            }
            catch (KubeApiException missing) when (missing.IsNotFound && context.Subresource is null && missing.Details is { } of && of.Name == request.Key.Name && of.Kind == kind.Plural)
            {
                // By what the failure says, not by another look: somebody may have made it since, and then the creation below finds out.
                if (metadata["uid"].Text() is { Length: > 0 }) throw ApiErrors.Conflict(kind, request.Key.Name, "uid mismatch: the provided object specified uid, and no existing object was found");
            }
            try
            {
                var body = ServerSideApply.Apply(null, configuration, kind.Schema, writer, force);
                return (await request.Cluster.Writer.CreateAsync(kind, request.Target.Namespace, body, context, request.Aborted), true);
            }
            catch (KubeApiException raced) when (raced.IsAlreadyExists)
            {
                // Created in between: apply to that one.
                continue;
            }
        }
    }
}
