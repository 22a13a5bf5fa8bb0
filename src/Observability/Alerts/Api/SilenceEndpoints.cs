using System.Text.Json;
using Fleet.Contracts;
using Fleet.Control.Access;
using Fleet.Control.Alerts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Alerts.Storage;
using Fleet.Rest;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.Observability.Alerts.Api;

/// <summary><c>/api/v1/silences</c>: objects of the kind Silence, made and deleted with the caller's rights on it.</summary>
internal static class SilenceEndpoints
{
    private const string FieldManager = "fleet-observability";
    private const int LongestBody = 64 * 1024;
    private const int MostAlerts = 5000;

    public static IEndpointRouteBuilder MapSilences(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/silences", (string? @namespace, HttpRequest request, AlertQueries queries, AlertObjects objects, TimeProvider clock, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, async (access, caller) =>
                {
                    var among = await AlertCall.AmongAsync(
                        access, caller, FleetKinds.Silences.Kind, @namespace, () => Task.FromResult(objects.Silences.Keys.Concat(objects.Clusters.Keys).Select(key => key.Namespace)), ct);
                    var now = clock.GetUtcNow();
                    var firing = await queries.FindAsync(AlertPhase.Firing, null, null, MostAlerts, ct);
                    var seen = objects.Silences.Items.Where(silence => among is null || among.Contains(silence.Metadata.Key.Namespace)).OrderBy(silence => silence.Metadata.Key);
                    return Results.Json(new ItemsView<SilenceView>(
                        [.. seen.Select(silence => AlertViewsFrom.Silence(silence, SilenceRow.Of(silence, AlertObjects.IsSystem), firing, now))], among is not null));
                }, ct))
            .WithTags("alerts").WithSummary("Silences");
        endpoints.MapPost("/api/v1/silences", (HttpRequest request, IKubernetesClient management, TimeProvider clock, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, (access, caller) => CreateAsync(request, access, caller, management, clock, ct), ct))
            .WithTags("alerts").WithSummary("Hushes alerts for a while").Changes();
        endpoints.MapDelete("/api/v1/silences/{namespace}/{name}", (string @namespace, string name, HttpRequest request, IKubernetesClient management, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, (access, caller) => EndAsync(new(@namespace, name), request, access, caller, management, ct), ct))
            .WithTags("alerts").WithSummary("Ends a silence").Conditional().Changes();
        return endpoints;
    }

    /// <summary>With the version that the caller has seen, the server itself sees to it that nobody comes in between.</summary>
    private static async Task<IResult> EndAsync(ObjectKey silence, HttpRequest request, CallerAccess access, Caller caller, IKubernetesClient management, CancellationToken ct)
    {
        string? wanted;
        try
        {
            wanted = ETags.Wanted(request, required: false);
        }
        catch (ProblemException e)
        {
            return CallerResults.Problem(e.Kind.Status, e.Message);
        }
        await access.RequireAsync(caller, new("delete", FleetKinds.Silences.Kind, silence.Namespace, silence.Name), fresh: true, ct);
        try
        {
            return await management.Resource(FleetKinds.Silences).DeleteAsync(silence, new() { ResourceVersion = wanted }, ct)
                ? Results.NoContent()
                : CallerResults.Problem(StatusCodes.Status404NotFound, $"there is no silence {silence}");
        }
        catch (KubeApiException e) when (e.Code == StatusCodes.Status409Conflict && wanted is not null)
        {
            return CallerResults.Problem(StatusCodes.Status412PreconditionFailed, $"silence {silence} has changed since version {wanted}");
        }
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, CallerAccess access, Caller caller, IKubernetesClient management, TimeProvider clock, CancellationToken ct)
    {
        SilenceRequest? wanted;
        try
        {
            await using var body = new BoundedStream(request.Body, LongestBody);
            wanted = await JsonSerializer.DeserializeAsync<SilenceRequest>(body, JsonSerializerOptions.Web, ct);
        }
        catch (InvalidDataException)
        {
            return CallerResults.Problem(StatusCodes.Status413PayloadTooLarge, $"a silence has at most {LongestBody} bytes");
        }
        catch (JsonException)
        {
            return CallerResults.Problem(StatusCodes.Status400BadRequest, "a silence in JSON is needed: {\"namespace\", \"matchers\": [\"alertname=\\\"…\\\"\"], \"endsAt\", \"comment\"}");
        }
        var now = clock.GetUtcNow();
        if (ProblemOf(wanted, now) is { } problem)
            return CallerResults.Problem(StatusCodes.Status400BadRequest, problem);
        await access.RequireAsync(caller, new("create", FleetKinds.Silences.Kind, wanted!.Namespace!), fresh: true, ct);
        var silence = new Silence
        {
            ApiVersion = FleetApi.ApiVersion,
            Kind = FleetKinds.Silences.Kind.Kind,
            Metadata = new() { Namespace = wanted.Namespace, Name = wanted.Name, GenerateName = wanted.Name is null ? "silence-" : null },
            Spec = new() { Matchers = wanted.Matchers!, StartsAt = wanted.StartsAt, EndsAt = wanted.EndsAt!.Value, Comment = wanted.Comment!, CreatedBy = caller.Name },
        };
        try
        {
            var made = await management.Resource(FleetKinds.Silences).CreateAsync(silence, FieldManager, ct);
            return Results.Json(AlertViewsFrom.Silence(made, SilenceRow.Of(made, AlertObjects.IsSystem), [], now), statusCode: StatusCodes.Status201Created);
        }
        catch (KubeApiException e) when (e.Code is 400 or 404 or 409 or 422)
        {
            return CallerResults.Problem(e.Code, e.Message);
        }
    }

    private static string? ProblemOf(SilenceRequest? wanted, DateTimeOffset now)
    {
        if (wanted?.Namespace is not { Length: > 0 and <= 63 } @namespace || !PathNames.IsNamespace(@namespace))
            return "namespace is needed: the name of one";
        if (wanted.Matchers is not { Count: > 0 and <= 20 } || wanted.Matchers.Any(matcher => matcher is null))
            return "matchers are needed, at most 20: [\"alertname=\\\"ClusterNotReady\\\"\"]";
        if (wanted.EndsAt is not { } end || end <= now || end <= wanted.StartsAt)
            return "endsAt is needed, in the future and after startsAt";
        if (wanted.Comment is not { Length: > 0 and <= 1024 })
            return "comment is needed: why";
        try
        {
            return Matcher.ParseAll(wanted.Matchers).All(matcher => matcher.MatchesNothing) ? "matchers fit every alert: one must not match the empty text" : null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
