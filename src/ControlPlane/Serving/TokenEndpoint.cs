using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>serviceaccounts/token: a TokenRequest.</summary>
internal static class TokenEndpoint
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static async Task HandleAsync(ApiRequest request, ServiceAccountTokens tokens)
    {
        var body = await RequestBody.ReadObjectAsync(request);
        var account = request.Cluster.Find(request.Kind, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Key.Name);
        var seconds = body["spec"]?["expirationSeconds"].Number() ?? 3600;
        if (seconds < 600)
            throw ApiErrors.Invalid(request.Kind, request.Key.Name,
                [new("FieldValueInvalid", $"Invalid value: {seconds}: may not specify a duration less than 10 minutes", "spec.expirationSeconds")]);
        var audiences = (body["spec"]?["audiences"] as JsonArray ?? []).Select(a => a.Text() ?? "").Where(a => a.Length > 0).ToArray();
        if (audiences.Length == 0) audiences = [ServiceAccountTokens.DefaultAudience];
        var life = TimeSpan.FromSeconds(Math.Min(seconds, (long)Longest.TotalSeconds));
        var (token, expires) = tokens.Issue(request.Cluster, request.Key, account.Uid, audiences, life);
        await ResponseBytes.WriteAsync(request.Http.Response, 201, new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = request.Key.Name,
                ["namespace"] = request.Key.Namespace,
                ["creationTimestamp"] = request.Cluster.Settings.Clock.Timestamp(),
            },
            ["spec"] = new JsonObject
            {
                ["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]),
                ["expirationSeconds"] = (long)life.TotalSeconds,
                ["boundObjectRef"] = body["spec"]?["boundObjectRef"]?.DeepClone(),
            },
            ["status"] = new JsonObject
            {
                ["token"] = token,
                ["expirationTimestamp"] = expires.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            },
        });
    }
}
