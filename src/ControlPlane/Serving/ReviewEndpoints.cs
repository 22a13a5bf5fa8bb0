using System.Text.Json.Nodes;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Authorization;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>authentication.k8s.io and authorization.k8s.io: questions that are answered and not stored.</summary>
internal sealed class ReviewEndpoints(Authenticator authenticator)
{
    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Verb != "create" || request.Target.Name is not null) throw ApiErrors.MethodNotAllowed();
        var body = await RequestBody.ReadObjectAsync(request);
        ObjectPreparation.CheckType(request.Kind, body);
        body["status"] = request.Kind.Kind switch
        {
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = UserInfo(request.User) },
            "TokenReview" => await TokenStatusAsync(request, body["spec"] as JsonObject ?? []),
            "SelfSubjectAccessReview" => AccessStatus(request, request.User, body["spec"] as JsonObject ?? []),
            "SelfSubjectRulesReview" => RulesReview.Of(request.Cluster, request.User, body["spec"]?["namespace"].Text() ?? ""),
            _ => AccessStatus(request, Subject(body["spec"] as JsonObject ?? []), body["spec"] as JsonObject ?? []),
        };
        var metadata = body.Metadata();
        if (request.Kind.Kind == "SelfSubjectReview") metadata["creationTimestamp"] = request.Cluster.Settings.Clock.Timestamp();
        await ResponseBytes.WriteAsync(request.Http.Response, 201, body);
    }

    private static JsonObject UserInfo(UserIdentity user)
    {
        var info = new JsonObject { ["username"] = user.Name, ["groups"] = new JsonArray([.. user.Groups.Select(g => (JsonNode)g)]) };
        if (user.Uid.Length > 0) info["uid"] = user.Uid;
        if (user.Extra.Count > 0)
            info["extra"] = new JsonObject(user.Extra.Select(claim => KeyValuePair.Create(claim.Key, (JsonNode?)new JsonArray([.. claim.Value.Select(v => (JsonNode)v)]))));
        return info;
    }

    private static JsonObject AccessStatus(ApiRequest request, UserIdentity user, JsonObject spec)
    {
        AccessAttributes wanted;
        if (spec["resourceAttributes"] is JsonObject resource)
        {
            wanted = new(resource["verb"].Text() ?? "", resource["group"].Text() ?? "", resource["resource"].Text() ?? "",
                resource["subresource"].Text() ?? "", resource["namespace"].Text() ?? "", resource["name"].Text() ?? "", null);
        }
        else if (spec["nonResourceAttributes"] is JsonObject path)
        {
            wanted = AccessAttributes.OfPath(path["verb"].Text() ?? "", path["path"].Text() ?? "");
        }
        else
        {
            throw ApiErrors.Invalid(request.Kind, "", [new("FieldValueInvalid",
                "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified", "spec.resourceAttributes")]);
        }
        return new JsonObject { ["allowed"] = Authorizer.Allows(request.Cluster, user, wanted) };
    }

    private static UserIdentity Subject(JsonObject spec) => new(
        spec["user"].Text() ?? "", spec["uid"].Text() ?? "", [.. (spec["groups"] as JsonArray ?? []).Select(g => g.Text() ?? "")]);

    private async Task<JsonObject> TokenStatusAsync(ApiRequest request, JsonObject spec)
    {
        var audiences = (spec["audiences"] as JsonArray ?? []).Select(a => a.Text() ?? "").ToArray();
        if (await authenticator.IdentifyTokenAsync(request.Cluster, spec["token"].Text() ?? "", audiences, request.Http.RequestAborted) is not { } user)
            return new JsonObject { ["authenticated"] = false, ["error"] = "the token is not valid" };
        var status = new JsonObject { ["authenticated"] = true, ["user"] = UserInfo(user) };
        status["audiences"] = new JsonArray([.. (audiences.Length > 0 ? audiences : [ServiceAccountTokens.DefaultAudience]).Select(a => (JsonNode)a)]);
        return status;
    }
}
