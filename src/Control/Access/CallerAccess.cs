using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Microsoft.AspNetCore.Http;

namespace Fleet.Control.Access;

/// <summary>
/// Whether whoever sends a bearer token may do something: both are asked of the management API, so that its users and RBAC rules are the only
/// ones there are. Nothing is kept between calls: a revoked token ends at once.
/// </summary>
internal sealed class CallerAccess(IKubernetesClient client)
{
    private static readonly ResourceKind TokenReviews = new("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", Namespaced: false);

    private static readonly ResourceKind AccessReviews = new("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", Namespaced: false);

    /// <summary>Null when the request carries no token that the management API knows.</summary>
    public async Task<JsonObject?> WhoAsync(HttpRequest request, CancellationToken ct)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return null;
        var review = await client.Dynamic(TokenReviews).CreateAsync(
            new(new JsonObject
            {
                ["apiVersion"] = TokenReviews.ApiVersion,
                ["kind"] = TokenReviews.Kind,
                ["spec"] = new JsonObject { ["token"] = header["Bearer ".Length..].Trim() },
            }),
            ct);
        return (bool?)review.At("status", "authenticated") == true ? review.At("status", "user") as JsonObject : null;
    }

    /// <summary>An empty namespace means all of them, a null name all objects.</summary>
    public async Task<bool> MayAsync(JsonObject user, string verb, ResourceKind resource, string @namespace, string? name, CancellationToken ct)
    {
        var spec = new JsonObject
        {
            ["user"] = user["username"]?.DeepClone(),
            ["groups"] = user["groups"]?.DeepClone() ?? new JsonArray(),
            ["resourceAttributes"] = new JsonObject
            {
                ["group"] = resource.Group,
                ["resource"] = resource.Plural,
                ["verb"] = verb,
                ["namespace"] = @namespace,
                ["name"] = name,
            },
        };
        if (user["uid"] is { } uid)
            spec["uid"] = uid.DeepClone();
        if (user["extra"] is { } extra)
            spec["extra"] = extra.DeepClone();
        var review = await client.Dynamic(AccessReviews).CreateAsync(
            new(new JsonObject { ["apiVersion"] = AccessReviews.ApiVersion, ["kind"] = AccessReviews.Kind, ["spec"] = spec }), ct);
        return (bool?)review.At("status", "allowed") == true;
    }
}
