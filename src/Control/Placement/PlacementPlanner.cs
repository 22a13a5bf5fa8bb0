using Fleet.Contracts.Services;

namespace Fleet.Control.Placement;

/// <summary>
/// From the declared services to those that are placed now. A service comes in, or changes, when everything that it depends on is deployed as it is declared;
/// until then it stays as it is. Along a chain it goes one template at a time. Other services never wait for it. Pure.
/// </summary>
public static class PlacementPlanner
{
    public static PlacementPlan Plan(PlacementFacts facts)
    {
        var dependencies = new ServiceDependencies(facts.Declared);
        var pass = new Pass(facts, dependencies);
        foreach (var key in dependencies.Graph.Order)
            pass.Decide(key);
        var problems = dependencies.Graph.Cycles
            .Select(cycle => $"services wait for each other: {string.Join(" → ", cycle)}")
            .Concat(pass.Problems)
            .ToList();
        var declared = facts.Declared.Select(ServiceKey.Of).Distinct();
        return new([.. declared.Select(pass.Result).OfType<PlacedService>()], pass.Waits, problems);
    }

    private sealed class Pass
    {
        private readonly PlacementFacts facts;
        private readonly ServiceDependencies dependencies;
        private readonly Dictionary<ServiceKey, PlacedService> placed;
        private readonly Dictionary<ServiceKey, ServiceState> states;
        private readonly Dictionary<ServiceKey, PlacedService?> results = [];

        public Pass(PlacementFacts facts, ServiceDependencies dependencies)
        {
            (this.facts, this.dependencies) = (facts, dependencies);
            placed = facts.Placed.GroupBy(ServiceKey.Of).ToDictionary(group => group.Key, group => group.First());
            states = facts.States.GroupBy(ServiceKey.Of).ToDictionary(group => group.Key, group => group.First());
        }

        public List<ServiceWait> Waits { get; } = [];

        public List<string> Problems { get; } = [];

        public PlacedService? Result(ServiceKey key) => results[key];

        public void Decide(ServiceKey key)
        {
            var service = dependencies.Service(key);
            var present = placed.GetValueOrDefault(key);
            // Disabled is not removed: what is there stays as it is, as upstream has it.
            if (service.Disable == true)
            {
                results[key] = present;
                return;
            }
            if (Obstacle(key) is { } obstacle)
            {
                Waits.Add(new(key, obstacle));
                results[key] = present;
                return;
            }
            results[key] = present is null ? Place(service, service.Template) : Change(key, service, present);
        }

        /// <summary>What keeps a service from coming in or changing; null when nothing does.</summary>
        private string? Obstacle(ServiceKey key)
        {
            if (dependencies.Graph.IsCircular(key))
                return "itself, by way of its dependencies";
            foreach (var dependency in dependencies.Of(key))
            {
                if (!dependencies.Has(dependency))
                {
                    Problems.Add($"{key} depends on {dependency}, which is not declared");
                    return $"dependency {dependency}: not declared";
                }
                if (Unsettled(dependency) is { } why)
                    return $"dependency {dependency}: {why}";
            }
            return null;
        }

        /// <summary>Why a dependency is not yet what it is declared to be; null when it is.</summary>
        private string? Unsettled(ServiceKey key)
        {
            var service = dependencies.Service(key);
            if (service.HelmAction == "Uninstall")
                return "declared to be uninstalled";
            if (results.GetValueOrDefault(key) is not { } wanted)
                return service.Disable == true ? "disabled" : "not placed yet";
            if (service.Disable != true && wanted.Template != service.Template)
                return $"on its way to {service.Template}, now {wanted.Template}";
            // What this pass has just decided is not in the set yet, so its state speaks of something older.
            if (placed.GetValueOrDefault(key) is not { } present || present.Template != wanted.Template || Version(present) != Version(wanted))
                return "changes now";
            return Undeployed(key, present);
        }

        private string? Undeployed(ServiceKey key, PlacedService present)
        {
            if (states.GetValueOrDefault(key) is not { } state)
                return "not seen yet";
            if (state.State != ServiceStates.Deployed)
                return state.State;
            return state.Template == present.Template && state.Version == Version(present) ? null : $"{state.Version ?? state.Template} is deployed, {Version(present)} is wanted";
        }

        private PlacedService Change(ServiceKey key, Service service, PlacedService present)
        {
            if (present.Template == service.Template || service.TemplateChain is not { Length: > 0 } chain)
                return Place(service, service.Template);
            // Until the next step is free the template stays; values are followed all the same.
            var held = Place(service, present.Template) with { Version = present.Version };
            if (!facts.Chains.TryGetValue(chain, out var graph))
            {
                Problems.Add($"{key}: ServiceTemplateChain {chain} is not found or not valid, so nothing leads from {present.Template} to {service.Template}");
                return held;
            }
            if (graph.PathsTo(present.Template, service.Template) is not [[var next, ..], ..])
            {
                Problems.Add($"{key}: no upgrade of ServiceTemplateChain {chain} leads from {present.Template} to {service.Template}");
                return held;
            }
            if (Undeployed(key, present) is { } why)
            {
                Waits.Add(new(key, $"{present.Template} before {next.Template}: {why}"));
                return held;
            }
            if (next.Template != service.Template)
                Waits.Add(new(key, $"{next.Template} on the way to {service.Template}"));
            return Place(service, next.Template);
        }

        /// <summary>The version that a service states belongs to the template that it states; a template on the way has its own.</summary>
        private static PlacedService Place(Service service, string template) => new()
        {
            Name = service.Name,
            Namespace = ServiceKey.Of(service).Namespace,
            Template = template,
            Version = template == service.Template ? service.Version : null,
            HelmAction = service.HelmAction,
            HelmOptions = service.HelmOptions,
            Values = service.Values,
            ValuesFrom = service.ValuesFrom,
        };

        private string Version(PlacedService service) => ServiceVersion.Of(service.Version, service.Template, facts.Templates.GetValueOrDefault(service.Template));
    }
}
