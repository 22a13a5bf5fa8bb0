using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;

namespace Fleet.ClusterManager.Webhooks;

/// <summary>Kubernetes' AdmissionReview (admission.k8s.io/v1) to a change, and a verdict back to it. Pure.</summary>
internal static class AdmissionReviews
{
    /// <summary>Kubernetes cuts longer ones, and drops all when they are too many.</summary>
    private const int LongestWarning = 256;

    private const int MostWarnings = 16;

    /// <summary>Null for what is no review of a write.</summary>
    public static ManifestChange? Change(JsonNode? review)
    {
        var request = (review as JsonObject)?["request"] as JsonObject;
        var kind = request?["kind"] as JsonObject;
        ManifestOperation? operation = Text(request?["operation"]) switch
        {
            "CREATE" => ManifestOperation.Create,
            "UPDATE" => ManifestOperation.Update,
            "DELETE" => ManifestOperation.Delete,
            _ => null,
        };
        if (operation is not { } known || Text(request?["uid"]) is null || kind is null)
            return null;
        var (wanted, old) = (request!["object"] as JsonObject, request["oldObject"] as JsonObject);
        if (known != ManifestOperation.Delete && wanted is null)
            return null;
        // Objects with generateName have no name in the request.
        var name = Text(request["name"]) is { Length: > 0 } stated ? stated : Text(((wanted ?? old)?["metadata"] as JsonObject)?["name"]) ?? "";
        return new(known, Text(kind["group"]) ?? "", Text(kind["kind"]) ?? "", new(Text(request["namespace"]) ?? "", name), wanted, old);
    }

    /// <summary>Problems of fields are told as an API server tells its own: status Invalid with a cause for each field.</summary>
    public static JsonObject Answer(JsonNode review, ManifestChange change, ManifestVerdict verdict)
    {
        var response = new JsonObject { ["uid"] = (string?)review["request"]?["uid"], ["allowed"] = verdict.IsAllowed };
        if (!verdict.IsAllowed)
            response["status"] = Status(change, verdict);
        if (verdict.Warnings.Count > 0)
            response["warnings"] = new JsonArray([.. verdict.Warnings.Take(MostWarnings).Select(warning => (JsonNode)(warning.Length <= LongestWarning ? warning : warning[..(LongestWarning - 1)] + "…"))]);
        return new() { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject Status(ManifestChange change, ManifestVerdict verdict)
    {
        if (verdict.Refusal is { } refusal)
            return Status(403, "Forbidden", refusal);
        if (verdict.NotYet is { } later)
            return Status(503, "ServiceUnavailable", later);
        var status = Status(
            422, "Invalid", $"{change.Kind}.{change.Group} \"{change.Key.Name}\" is invalid: {string.Join("; ", verdict.Problems.Select(problem => $"{problem.Field}: {problem.Message}"))}");
        status["details"] = new JsonObject
        {
            ["group"] = change.Group,
            ["kind"] = change.Kind,
            ["name"] = change.Key.Name,
            ["causes"] = new JsonArray([.. verdict.Problems.Select(problem =>
                (JsonNode)new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = problem.Message, ["field"] = problem.Field })]),
        };
        return status;
    }

    private static JsonObject Status(int code, string reason, string message) => new() { ["status"] = "Failure", ["code"] = code, ["reason"] = reason, ["message"] = message };
}
