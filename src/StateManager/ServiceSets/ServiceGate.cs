using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.StateManager.Policies;

namespace Fleet.StateManager.ServiceSets;

/// <summary>
/// Upstream's two ways of not going on, where a set asks for them: <c>stopOnConflict: true</c> begins nothing behind a service whose release another set owns,
/// <c>continueOnError: false</c> takes services one after the other and begins nothing behind one that fails. Behind means later in the list. What runs is
/// never touched, what goes is not kept. Without them a failure stops only what depends on it. Pure.
/// </summary>
internal sealed record ServiceGate(bool StopOnConflict, bool StopOnError)
{
    /// <summary>Usually the watch tells sooner that the one before is through.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    public static ServiceGate Of(ServiceSetSpec set) => set.Provider?.Config is JsonObject config
        ? new(Is(config["stopOnConflict"], true), Is(config["continueOnError"], false))
        : new(false, false);

    public IReadOnlyList<PlannedService> Through(IReadOnlyList<PlannedService> services)
    {
        if (!StopOnConflict && !StopOnError)
            return services;
        var result = new List<PlannedService>(services.Count);
        PlannedService? stop = null;
        foreach (var service in services)
        {
            var isPassing = stop is null || service.Action != ServiceAction.Upgrade || IsPolicies(service);
            result.Add(isPassing ? service : Waiting(service, stop!));
            if (stop is null && IsStop(service))
                stop = service;
        }

        return result;
    }

    private bool IsStop(PlannedService service)
    {
        if (service.Facts.Wanted is null || service.Facts.Wanted.HelmAction == "Uninstall" || service.Held is not null || IsPolicies(service))
            return false;
        if (service.Facts.OwnedBy is not null)
            return StopOnConflict;
        return StopOnError && !service.IsInPlace && (service.Action == ServiceAction.Upgrade || service.State is ServiceStates.Failed or ServiceStates.Pending);
    }

    private static PlannedService Waiting(PlannedService service, PlannedService stop) => new()
    {
        Facts = service.Facts,
        Action = ServiceAction.Keep,
        State = ServiceStates.Pending,
        Message = stop.Facts.OwnedBy is not null ? $"not begun: stopOnConflict is set, and {stop.Message}"
            : stop.Action == ServiceAction.Upgrade ? $"not begun: {stop.Release} comes first, as continueOnError is false"
            : $"not begun: continueOnError is false, and {stop.Release} is {stop.State}{(string.IsNullOrEmpty(stop.Message) ? "" : $": {stop.Message}")}",
        CheckAgainAfter = stop.Action == ServiceAction.Upgrade ? LookAgainAfter : null,
    };

    /// <summary>They are no service of the list.</summary>
    private static bool IsPolicies(PlannedService service) => service.Facts.Wanted?.Template == PolicyRelease.Template;

    private static bool Is(JsonNode? node, bool wanted) => node is JsonValue value && value.TryGetValue<bool>(out var stated) && stated == wanted;
}
