using Fleet.Contracts.Alerts;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Receivers;

namespace Fleet.Observability.Alerts.Status;

/// <summary>Status of AlertRoutes: whether they can be read and their receivers exist.</summary>
internal sealed class AlertRouteReconciler(AlertObjects objects, IStatusWriter status) : IReconciler
{
    private static readonly HashSet<ConditionType> Owned = [AlertRouteConditions.Ready];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        await objects.WaitForSyncAsync(ct);
        if (!objects.Routes.TryGet(request.Key, out var route))
            return Outcome.Done;
        var generation = route.Metadata.Generation ?? 0;
        _ = AlertObjects.TableOf(route, out var problem);
        var condition = ConditionOf(route, problem, key => objects.Receivers.TryGet(key, out var receiver) ? receiver : null) with { ObservedGeneration = generation };
        await status.WriteAsync(StatusChange.Of(FleetKinds.AlertRoutes, route, new() { ObservedGeneration = generation }, [condition], Owned, request.Ownership));
        return Outcome.Done;
    }

    internal static Condition ConditionOf(AlertRoute route, string? problem, Func<ObjectKey, Receiver?> find)
    {
        if (problem is not null)
            return Condition.False(AlertRouteConditions.Ready, AlertRouteConditions.Invalid, problem);
        var names = (route.Spec.Routes ?? []).Select(one => one.Receiver).Append(route.Spec.Receiver).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = names.Where(name => find(new(route.Metadata.Key.Namespace, name)) is null).ToList();
        if (missing.Count > 0)
            return Condition.False(AlertRouteConditions.Ready, AlertRouteConditions.ReceiverMissing, $"there is no Receiver {string.Join(", ", missing)}: what it should be told waits for it");
        var managers = names.Where(name => ReceiverTypes.Of(find(new(route.Metadata.Key.Namespace, name))!.Spec) == ReceiverTypes.Alertmanager).ToList();
        return managers.Count > 0
            ? Condition.False(AlertRouteConditions.Ready, AlertRouteConditions.Invalid, $"Receiver {string.Join(", ", managers)} is an Alertmanager: it gets every alert without a route")
            : Condition.True(AlertRouteConditions.Ready, AlertRouteConditions.Succeeded);
    }
}
