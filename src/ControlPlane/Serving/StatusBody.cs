using System.Text.Json.Nodes;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>metav1.Status.</summary>
internal static class StatusBody
{
    public static JsonObject Failure(KubeApiException failure)
    {
        var status = Start("Failure");
        status["message"] = failure.Message;
        status["reason"] = failure.Reason;
        if (failure.Details is { } details) status["details"] = Details(details);
        status["code"] = failure.Code;
        return status;
    }

    public static JsonObject Success(string name, string group, string plural, string uid)
    {
        var status = Start("Success");
        var details = new JsonObject { ["name"] = name };
        if (group.Length > 0) details["group"] = group;
        details["kind"] = plural;
        if (uid.Length > 0) details["uid"] = uid;
        status["details"] = details;
        return status;
    }

    public static JsonObject Created()
    {
        var status = Start("Success");
        status["code"] = 201;
        return status;
    }

    private static JsonObject Start(string status) =>
        new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = status };

    private static JsonObject Details(ApiStatusDetails details)
    {
        var body = new JsonObject();
        if (details.Name is { Length: > 0 }) body["name"] = details.Name;
        if (details.Group is { Length: > 0 }) body["group"] = details.Group;
        if (details.Kind is { Length: > 0 }) body["kind"] = details.Kind;
        if (details.Causes.Count > 0)
        {
            body["causes"] = new JsonArray([.. details.Causes.Select(c =>
            {
                var cause = new JsonObject();
                if (c.Type is not null) cause["reason"] = c.Type;
                if (c.Message is not null) cause["message"] = c.Message;
                if (c.Field is not null) cause["field"] = c.Field;
                return (JsonNode)cause;
            })]);
        }
        if (details.RetryAfterSeconds is { } seconds) body["retryAfterSeconds"] = seconds;
        return body;
    }
}
