using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Serving;

/// <summary>autoscaling/v1 Scale: a view on the replicas of an object, whatever its kind calls them.</summary>
internal static class ScaleEndpoint
{
    public static async Task HandleAsync(ApiRequest request)
    {
        var kind = request.Kind;
        var paths = ScalePaths.Of(kind);
        if (request.Verb == "get")
        {
            var stored = request.Cluster.Find(kind, request.Key) ?? throw ApiErrors.NotFound(kind, request.Key.Name);
            await AnswerAsync(request, kind, paths, stored);
            return;
        }
        if (request.Verb is not ("update" or "patch")) throw ApiErrors.MethodNotAllowed();
        var type = RequestBody.MediaType(request.Http.Request);
        var bytes = await RequestBody.ReadAsync(request.Http.Request, request.Aborted) ?? throw ApiErrors.BadRequest("the request has no body");
        var sent = RequestBody.Decode(bytes, yaml: type.EndsWith("yaml", StringComparison.Ordinal), request.DuplicateFields);
        // Owners of fields tell scaling and editing apart by this.
        var context = request.Context(subresource: "scale");
        var written = await request.Cluster.Writer.UpdateAsync(
            kind, request.Key,
            current =>
            {
                var before = paths.View(kind, current);
                // Merge semantics serve all three dialects of an object patch here: a Scale has no lists.
                var after = request.Verb == "update" ? sent as JsonObject
                    : type == "application/json-patch+json" ? Patching.JsonPatch.Apply(before, sent) as JsonObject
                    : Patching.JsonMergePatch.Apply(before, sent) as JsonObject;
                var replicas = after?["spec"]?["replicas"].Number() ?? 0;
                if (replicas < 0)
                    throw ApiErrors.Invalid(kind, request.Key.Name,
                        [new("FieldValueInvalid", $"Invalid value: {replicas}: must be greater than or equal to 0", "spec.replicas")]);
                if (after?["metadata"]?["resourceVersion"].Text() is { Length: > 0 } version && request.Verb == "update")
                    current.Metadata()["resourceVersion"] = version;
                ScalePaths.Set(current, paths.Spec, replicas);
                return current;
            },
            context, request.Aborted);
        await AnswerAsync(request, kind, paths, written);
    }

    private static Task AnswerAsync(ApiRequest request, KindInfo kind, ScalePaths paths, StoredObject stored) =>
        ResponseBytes.WriteAsync(request.Http.Response, 200, paths.View(kind, Cluster.Show(kind, stored)));
}
