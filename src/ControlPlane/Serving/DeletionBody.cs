using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Protobuf;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>DeleteOptions, from the body or from the query.</summary>
internal static class DeletionBody
{
    public static async ValueTask<(Deletion Deletion, bool DryRun)> ReadAsync(ApiRequest request)
    {
        var bytes = await RequestBody.ReadAsync(request.Http.Request, request.Aborted);
        var type = RequestBody.MediaType(request.Http.Request);
        var body = bytes is null ? null
            : type == ProtobufBody.MediaType ? ProtobufBody.Decode(bytes)
            : RequestBody.Decode(bytes, type == "application/yaml", request.DuplicateFields) as JsonObject;
        var orphan = body?["orphanDependents"] ?? (request.Query("orphanDependents") is { } o ? o == "true" : null);
        var propagation = (body?["propagationPolicy"].Text() ?? request.Query("propagationPolicy")) switch
        {
            null or "" => orphan is null ? null : orphan.IsTrue() ? DeletionPropagation.Orphan : DeletionPropagation.Background,
            "Background" => DeletionPropagation.Background,
            "Foreground" => DeletionPropagation.Foreground,
            "Orphan" => (DeletionPropagation?)DeletionPropagation.Orphan,
            var other => throw ApiErrors.InvalidOptions("DeleteOptions", [new("FieldValueNotSupported",
                $"Unsupported value: \"{other}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"", "propagationPolicy")]),
        };
        var grace = body?["gracePeriodSeconds"].Number() ?? (long.TryParse(request.Query("gracePeriodSeconds"), out var seconds) ? seconds : null);
        if (grace < 0) grace = 1;
        var conditions = body?["preconditions"];
        var dryRun = (body?["dryRun"] as JsonArray ?? []).Any(d => d.Text() == "All");
        return (new Deletion(propagation, conditions?["uid"].Text(), conditions?["resourceVersion"].Text(), grace), dryRun);
    }
}
