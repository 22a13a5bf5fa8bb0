using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Microsoft.AspNetCore.Http;

namespace Fleet.Control.Access;

/// <summary>
/// Whether whoever sends a bearer token may do something: both are asked of the management API, so that its users and RBAC rules are the only
/// ones there are. Answers to reads are remembered for <see cref="Memory"/> at most; before a write both questions are asked anew, so that a revoked
/// token or right ends at once where it matters.
/// </summary>
public sealed class CallerAccess(IKubernetesClient client, TimeProvider clock, IForeignTokens? foreign = null)
{
    /// <summary>How long an answer may be used again for reads.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    /// <summary>Beyond this a header is no token of any API server.</summary>
    private const int LongestToken = 16 * 1024;

    private const string Scheme = "Bearer ";

    private static readonly ResourceKind TokenReviews = new("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", Namespaced: false);

    private static readonly ResourceKind AccessReviews = new("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", Namespaced: false);

    private readonly ShortMemory<string, Caller> callers = new(Memory, clock);

    private readonly ShortMemory<(string Credential, AccessQuestion Question), bool> decisions = new(Memory, clock);

    /// <summary>Null when the request carries no token that the management API knows. <paramref name="fresh"/> asks even if the answer is remembered.</summary>
    public async Task<Caller?> WhoAsync(HttpRequest request, bool fresh, CancellationToken ct)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length > LongestToken)
            return null;
        var token = header[Scheme.Length..].Trim();
        var credential = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (!fresh && callers.TryGet(credential, out var known))
            return known;
        var caller = token.Length == 0 ? null : await ReviewAsync(token, credential, ct);
        // Unknown tokens are not remembered: one that is made a moment later must work.
        if (caller is null)
            callers.Forget(credential);
        else
            callers.Keep(credential, caller);
        return caller;
    }

    public async Task<bool> MayAsync(Caller caller, AccessQuestion question, bool fresh, CancellationToken ct)
    {
        var key = (caller.Credential, question);
        if (!fresh && decisions.TryGet(key, out var known))
            return known;
        var allowed = await AskAsync(caller, question, ct);
        decisions.Keep(key, allowed);
        return allowed;
    }

    /// <summary>Throws <see cref="AccessRefusedException"/> unless it is allowed.</summary>
    public async Task RequireAsync(Caller caller, AccessQuestion question, bool fresh, CancellationToken ct)
    {
        if (!await MayAsync(caller, question, fresh, ct))
            throw new AccessRefusedException(caller, question);
    }

    private async Task<Caller?> ReviewAsync(string token, string credential, CancellationToken ct)
    {
        var review = await client.Dynamic(TokenReviews).CreateAsync(
            new(new JsonObject { ["apiVersion"] = TokenReviews.ApiVersion, ["kind"] = TokenReviews.Kind, ["spec"] = new JsonObject { ["token"] = token } }), ct);
        if ((bool?)review.At("status", "authenticated") != true || review.At("status", "user") is not JsonObject user)
            return foreign is not null && await foreign.IdentifyAsync(token, ct) is { } known ? known with { Credential = credential } : null;
        return new((string?)user["username"] ?? "", (string?)user["uid"], [.. (user["groups"] as JsonArray ?? []).Select(group => (string?)group ?? "")])
        {
            Extra = user["extra"] as JsonObject,
            Credential = credential,
        };
    }

    private async Task<bool> AskAsync(Caller caller, AccessQuestion question, CancellationToken ct)
    {
        var attributes = new JsonObject
        {
            ["group"] = question.Resource.Group,
            ["resource"] = question.Resource.Plural,
            ["verb"] = question.Verb,
            ["namespace"] = question.Namespace,
        };
        if (question.Name is { } name)
            attributes["name"] = name;
        if (question.Subresource is { } subresource)
            attributes["subresource"] = subresource;
        var spec = new JsonObject
        {
            ["user"] = caller.Name,
            ["groups"] = new JsonArray([.. caller.Groups.Select(group => (JsonNode)group)]),
            ["resourceAttributes"] = attributes,
        };
        if (caller.Uid is { } uid)
            spec["uid"] = uid;
        if (caller.Extra is { } extra)
            spec["extra"] = extra.DeepClone();
        var review = await client.Dynamic(AccessReviews).CreateAsync(
            new(new JsonObject { ["apiVersion"] = AccessReviews.ApiVersion, ["kind"] = AccessReviews.Kind, ["spec"] = spec }), ct);
        return (bool?)review.At("status", "allowed") == true;
    }
}
