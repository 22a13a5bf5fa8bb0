using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts.Api;

/// <summary><c>/api/v1/alerts</c> and <c>/api/v1/incidents</c>. Whoever may list AlertRules in a namespace sees the alerts of its rules and of its clusters.</summary>
internal static class AlertEndpoints
{
    private const int UsualLimit = 500;
    private const int MostAlerts = 5000;

    /// <summary>What was not registered is not served.</summary>
    public static IEndpointRouteBuilder MapAlerts(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<AlertQueries>() is null)
            return endpoints;
        endpoints.MapGet("/api/v1/alerts", (string? state, string? @namespace, string? cluster, int? limit, HttpRequest request, AlertQueries queries, AlertObjects objects, TimeProvider clock, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, async (access, caller) =>
                {
                    AlertPhase? phase = state?.ToLowerInvariant() switch
                    {
                        null or "" or "all" => null,
                        "pending" => AlertPhase.Pending,
                        "firing" => AlertPhase.Firing,
                        "resolved" => AlertPhase.Resolved,
                        _ => (AlertPhase)(-1),
                    };
                    if (phase is (AlertPhase)(-1))
                        return CallerResults.Problem(StatusCodes.Status400BadRequest, "state is firing, pending, resolved or all");
                    var among = await AmongAsync(access, caller, @namespace, queries, objects, ct);
                    var alerts = await queries.FindAsync(phase, among, cluster, Math.Clamp(limit ?? UsualLimit, 1, MostAlerts), ct);
                    var now = clock.GetUtcNow();
                    // What hushes them is told only of objects that the caller may see.
                    var firing = await queries.FindAsync(AlertPhase.Firing, among, null, MostAlerts, ct);
                    var silences = objects.SilenceRows.Where(silence => among is null || silence.IsSystem || among.Contains(silence.Key.Namespace)).ToList();
                    var routes = objects.RouteTables.Where(route => among is null || route.IsSystem || among.Contains(route.Key.Namespace)).ToList();
                    return Results.Json(new ItemsView<AlertView>([.. alerts.Select(alert => AlertViewsFrom.Alert(alert, silences, routes, firing, now))], among is not null));
                }, ct))
            .WithTags("alerts").WithSummary("Alerts that are pending, fire, or have fired in the last seven days");
        endpoints.MapGet("/api/v1/incidents", (string? state, string? @namespace, HttpRequest request, AlertQueries queries, AlertObjects objects, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, async (access, caller) =>
                {
                    if (state is not (null or "" or "all" or "firing" or "resolved"))
                        return CallerResults.Problem(StatusCodes.Status400BadRequest, "state is firing, resolved or all");
                    var among = await AmongAsync(access, caller, @namespace, queries, objects, ct);
                    var incidents = AlertViewsFrom.Incidents(await queries.FindAsync(null, among, null, MostAlerts, ct));
                    return Results.Json(new ItemsView<IncidentView>([.. incidents.Where(incident => state is null or "" or "all" || incident.State == state)], among is not null));
                }, ct))
            .WithTags("alerts").WithSummary("Alerts of one rule that fire together, in however many clusters");
        return endpoints.MapSilences().MapReceivers();
    }

    private static Task<IReadOnlyCollection<string>?> AmongAsync(CallerAccess access, Caller caller, string? @namespace, AlertQueries queries, AlertObjects objects, CancellationToken ct) =>
        AlertCall.AmongAsync(access, caller, FleetKinds.AlertRules.Kind, @namespace, async () => (await queries.NamespacesAsync(ct)).Concat(objects.Rules.Keys.Concat(objects.Clusters.Keys).Select(key => key.Namespace)), ct);
}
