using System.Text.Json.Serialization;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Rest;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>
/// <c>/api/v1/clusters/{namespace}/{name}/telemetry-tokens</c>: make (POST), list (GET) and revoke (DELETE …/{id}) the tokens of a cluster. Whoever may create, list and
/// delete Secrets in the namespace may do so, and whoever has these verbs on the virtual <c>clusterdeployments/telemetry-tokens</c>. The token itself is in the answer to POST and nowhere else.
/// </summary>
public static class TokenEndpoints
{
    private const string Path = "/api/v1/clusters/{namespace}/{name}/telemetry-tokens";
    private const string Subresource = "telemetry-tokens";

    public static IEndpointRouteBuilder MapTelemetryTokens(this IEndpointRouteBuilder endpoints)
    {
        var guarded = endpoints.Guarded();
        guarded.MapGet(Path, (string @namespace, string name, HttpRequest request, TokenStore store, CancellationToken ct) =>
                AnswerAsync(request, "list", @namespace, () => ListAsync(store, new(@namespace, name), ct), ct))
            .WithTags("telemetry").WithSummary("Tokens with which a cluster sends telemetry: ids and times, never the tokens");
        guarded.MapPost(Path, (string @namespace, string name, HttpResponse response, HttpRequest request, TokenStore store, CancellationToken ct) =>
                AnswerAsync(request, "create", @namespace, () => CreateAsync(store, new(@namespace, name), response, ct), ct))
            .WithTags("telemetry").WithSummary("Make a token; this answer is the only place that has it").Changes();
        guarded.MapDelete(Path + "/{id}", (string @namespace, string name, string id, HttpRequest request, TokenStore store, CancellationToken ct) =>
                AnswerAsync(request, "delete", @namespace, () => RevokeAsync(store, new(@namespace, name), id, ct), ct))
            .WithTags("telemetry").WithSummary("Revoke a token").Changes();
        return endpoints;
    }

    private static Task<IResult> AnswerAsync(HttpRequest request, string verb, string @namespace, Func<Task<IResult>> answer, CancellationToken ct) =>
        CallerResults.AnswerAsync(
            request,
            async (access, caller) =>
            {
                // With it somebody makes tokens, as the CLI's account does, who may read no Secret of anybody.
                var own = new AccessQuestion(verb, FleetKinds.ClusterDeployments.Kind, @namespace, null) { Subresource = Subresource };
                if (!await access.MayAsync(caller, own, fresh: false, ct))
                    await access.RequireAsync(caller, new(verb, CoreKinds.Secrets, @namespace, null), fresh: false, ct);
                return await answer();
            },
            ct);

    private static async Task<IResult> ListAsync(TokenStore store, ObjectKey cluster, CancellationToken ct)
    {
        try
        {
            return await store.ListAsync(cluster, ct) is { } tokens
                ? Results.Json(new TokenListResponse([.. tokens.Select(token => new TokenResponse(token.Key, token.Value.Created))]), TokenJson.Default.TokenListResponse)
                : NoCluster();
        }
        catch (TokenConflictException conflict)
        {
            return CallerResults.Problem(StatusCodes.Status409Conflict, conflict.Message);
        }
    }

    private static async Task<IResult> CreateAsync(TokenStore store, ObjectKey cluster, HttpResponse response, CancellationToken ct)
    {
        try
        {
            if (await store.CreateAsync(cluster, ct) is not { } made)
                return NoCluster();
            response.Headers.CacheControl = "no-store";
            return Results.Json(
                new TokenResponse(made.Token.Id, made.Record.Created) { Token = made.Token.Text }, TokenJson.Default.TokenResponse, statusCode: StatusCodes.Status201Created);
        }
        catch (TokenConflictException conflict)
        {
            return CallerResults.Problem(StatusCodes.Status409Conflict, conflict.Message);
        }
    }

    private static async Task<IResult> RevokeAsync(TokenStore store, ObjectKey cluster, string id, CancellationToken ct)
    {
        try
        {
            return await store.RevokeAsync(cluster, id, ct) ? Results.NoContent() : CallerResults.Problem(StatusCodes.Status404NotFound, "there is no such token");
        }
        catch (TokenConflictException conflict)
        {
            return CallerResults.Problem(StatusCodes.Status409Conflict, conflict.Message);
        }
    }

    private static IResult NoCluster() => CallerResults.Problem(StatusCodes.Status404NotFound, "there is no such ClusterDeployment");
}

public sealed record TokenListResponse(IReadOnlyList<TokenResponse> Items);

/// <param name="Id">Names it in lists and for revoking.</param>
public sealed record TokenResponse(string Id, DateTimeOffset Created)
{
    /// <summary>Only in the answer that made it.</summary>
    public string? Token { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenListResponse))]
[JsonSerializable(typeof(TokenResponse))]
internal sealed partial class TokenJson : JsonSerializerContext;
