using Fleet.Contracts.Services;

namespace Fleet.Control.Placement;

/// <summary>Where a declaration leads when every step works out: the planner asked again until it has nothing more to do. Pure.</summary>
/// <param name="Services">What is placed in the end.</param>
/// <param name="Templates">Of each service the templates in the order in which it goes through them; one for most.</param>
/// <param name="Blocked">Services that do not get where they are declared to be, and why.</param>
/// <param name="Problems">What only an edit of the declaration can mend.</param>
public sealed record PlacementPreview(
    IReadOnlyList<PlacedService> Services, IReadOnlyDictionary<ServiceKey, IReadOnlyList<string>> Templates, IReadOnlyList<ServiceWait> Blocked, IReadOnlyList<string> Problems)
{
    /// <summary>Templates that one service may go through; real chains have a handful.</summary>
    private const int LongestWay = 32;

    public static PlacementPreview Of(PlacementFacts facts)
    {
        var placed = facts.Placed;
        var templates = new Dictionary<ServiceKey, List<string>>();
        PlacementPlan plan;
        // Each round places or moves at least one service, along a chain one step of it; what goes on longer than that goes round.
        var rounds = 2 + facts.Declared.Count * LongestWay;
        do
        {
            plan = PlacementPlanner.Plan(facts with { Placed = placed, States = [.. placed.Select(service => Deployed(service, facts))] });
            foreach (var service in plan.Services)
            {
                var key = ServiceKey.Of(service);
                if (!templates.TryGetValue(key, out var steps))
                    templates[key] = steps = [];
                if (steps.LastOrDefault() != service.Template && placed.FirstOrDefault(before => ServiceKey.Of(before) == key)?.Template != service.Template)
                    steps.Add(service.Template);
            }
            if (plan.Services.SequenceEqual(placed))
                break;
            placed = plan.Services;
        }
        while (--rounds > 0);
        return new(plan.Services, templates.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value), plan.Waits, plan.Problems);
    }

    private static ServiceState Deployed(PlacedService service, PlacementFacts facts) => new()
    {
        Name = service.Name,
        Namespace = service.Namespace,
        Template = service.Template,
        State = ServiceStates.Deployed,
        Version = ServiceVersion.Of(service.Version, service.Template, facts.Templates.GetValueOrDefault(service.Template)),
    };
}
