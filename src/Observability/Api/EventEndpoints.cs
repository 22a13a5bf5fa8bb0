using System.Text.Json.Serialization;
using Fleet.Control.Access;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Api;
using Fleet.Observability.Anomalies;
using Fleet.Observability.Budgets;
using Fleet.Observability.Costs;
using Fleet.Observability.Costs.Summary;
using Fleet.Observability.Focus;
using Fleet.Observability.Focus.Bills;
using Fleet.Observability.History;
using Fleet.Observability.Query;
using Fleet.Observability.Teams;
using Fleet.Observability.Teams.Categories;
using Fleet.Rest;
using Npgsql;

namespace Fleet.Observability.Api;

/// <summary>REST API of Observability; errors are problem+json.</summary>
public static class EventEndpoints
{
    private const int DefaultLimit = 100;
    private static readonly ResourceKind Events = new("", "v1", "Event", "events", Namespaced: true);

    /// <summary>
    /// <c>/api/v1/events?namespace=&amp;name=&amp;since=&amp;limit=</c>: the history of events, newest first, also those that the API has forgotten.
    /// Whoever may list events there may read it.
    /// </summary>
    public static IEndpointRouteBuilder MapObservabilityApi(this IEndpointRouteBuilder endpoints)
    {
        var guarded = endpoints.Guarded();
        guarded.MapGet("/api/v1/events", (string? @namespace, string? name, DateTimeOffset? since, int? limit, HttpRequest request, EventStore store, CancellationToken ct) =>
                CallerResults.AnswerAsync(request, "list", Events, @namespace ?? "", null, () => ListAsync(store, @namespace, name, since, limit, ct), ct))
            .WithTags("events").WithSummary("History of events, newest first");
        guarded.MapCosts().MapFocus().MapBills().MapTelemetryQueries().MapAlerts().MapSummary().MapBudgets().MapAnomalies().MapShowback().MapCategories();
        return endpoints;
    }

    private static async Task<IResult> ListAsync(EventStore store, string? @namespace, string? name, DateTimeOffset? since, int? limit, CancellationToken ct)
    {
        try
        {
            var rows = await store.FindAsync(@namespace, name, (since ?? DateTimeOffset.UnixEpoch).ToUniversalTime(), limit ?? DefaultLimit, ct);
            return Results.Json(new EventListResponse(rows), EventJson.Default.EventListResponse);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            // An empty list would say that nothing happened.
            return CallerResults.Problem(StatusCodes.Status503ServiceUnavailable, "the history database does not answer");
        }
    }
}

public sealed record EventListResponse(IReadOnlyList<EventRow> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventListResponse))]
internal sealed partial class EventJson : JsonSerializerContext;
