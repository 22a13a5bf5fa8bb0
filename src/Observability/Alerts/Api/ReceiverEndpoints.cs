using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Delivery;
using Fleet.Observability.Alerts.Storage;
using Fleet.Rest;

namespace Fleet.Observability.Alerts.Api;

/// <summary><c>/api/v1/receivers</c> and <c>/api/v1/deliveries</c>: with the right to list Receivers.</summary>
internal static class ReceiverEndpoints
{
    private const int UsualLimit = 100;
    private const int MostRows = 1000;

    public static IEndpointRouteBuilder MapReceivers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/receivers", (string? @namespace, HttpRequest request, AlertQueries queries, AlertObjects objects, AlertOptions options, TimeProvider clock, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, async (access, caller) =>
                {
                    var among = await AmongAsync(access, caller, @namespace, objects, ct);
                    var records = await queries.ReceiversAsync(clock.GetUtcNow() - options.Remembered, ct);
                    var seen = objects.Receivers.Items.Where(receiver => among is null || among.Contains(receiver.Metadata.Key.Namespace)).OrderBy(receiver => receiver.Metadata.Key);
                    return Results.Json(new ItemsView<ReceiverView>(
                        [.. seen.Select(receiver => AlertViewsFrom.Receiver(receiver, records.GetValueOrDefault(receiver.Metadata.Key) ?? ReceiverRecord.None))], among is not null));
                }, ct))
            .WithTags("alerts").WithSummary("Who can be told of alerts, and whether they take it");
        endpoints.MapGet("/api/v1/deliveries", (string? receiver, string? @namespace, int? limit, HttpRequest request, AlertQueries queries, AlertObjects objects, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, async (access, caller) =>
                {
                    ObjectKey? key = null;
                    if (receiver is not null)
                    {
                        if (receiver.Split('/') is not [{ Length: > 0 } place, { Length: > 0 } name])
                            return CallerResults.Problem(StatusCodes.Status400BadRequest, "receiver is NAMESPACE/NAME");
                        key = new(place, name);
                    }
                    var among = await AmongAsync(access, caller, key?.Namespace ?? @namespace, objects, ct);
                    return Results.Json(new ItemsView<DeliveryRow>(await queries.DeliveriesAsync(among, key, Math.Clamp(limit ?? UsualLimit, 1, MostRows), ct), among is not null));
                }, ct))
            .WithTags("alerts").WithSummary("Attempts to tell receivers something, newest first");
        endpoints.MapPost("/api/v1/receivers/{namespace}/{name}/test", (
                string @namespace, string name, HttpRequest request, AlertObjects objects, ReceiverTest test, CancellationToken ct) =>
                AlertCall.AnswerAsync(request, async (access, caller) =>
                {
                    await access.RequireAsync(caller, new("create", FleetKinds.Receivers.Kind, @namespace, name, "test"), fresh: true, ct);
                    return objects.Receivers.TryGet(new(@namespace, name), out var receiver)
                        ? Results.Json(await test.RunAsync(receiver, caller.Name, ct))
                        : CallerResults.Problem(StatusCodes.Status404NotFound, $"there is no receiver {@namespace}/{name}");
                }, ct))
            .WithTags("alerts").WithSummary("Tells a receiver something that is marked as a test, and says what came of it").Changes();
        return endpoints;
    }

    private static Task<IReadOnlyCollection<string>?> AmongAsync(CallerAccess access, Caller caller, string? @namespace, AlertObjects objects, CancellationToken ct) =>
        AlertCall.AmongAsync(access, caller, FleetKinds.Receivers.Kind, @namespace, () => Task.FromResult(objects.Receivers.Keys.Concat(objects.Clusters.Keys).Select(key => key.Namespace)), ct);
}
