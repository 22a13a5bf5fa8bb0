using Fleet.ClusterManager.Credentials;
using Fleet.Contracts.Components;

namespace Fleet.ClusterManager.Components;

/// <summary>From facts, plan and results to what is told. Pure.</summary>
internal static class ComponentsReportFrom
{
    /// <summary>Workloads and providers become ready within seconds to minutes, and not all of them report it.</summary>
    private static readonly TimeSpan WhileProgressing = TimeSpan.FromSeconds(2);

    /// <summary>Nothing of a healthy component reports that it has become ill.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    public static ComponentsReport Of(ComponentsFacts facts, ComponentPlan plan, IReadOnlyDictionary<string, ComponentResult> results)
    {
        var components = new Dictionary<string, ComponentStatus>(StringComparer.Ordinal);
        var problems = new List<string>();
        var events = new List<ComponentEvent>();
        var look = Steady;
        foreach (var step in plan.Steps)
        {
            var component = facts.Wanted.FirstOrDefault(wanted => wanted.Release == step.Release);
            var result = results.GetValueOrDefault(step.Release.ToString());
            var why = WhyNot(step, result);
            if (component is not null)
                components[step.Name] = new()
                {
                    Template = component.Wanted.Template,
                    Success = why is null,
                    Error = why,
                    ExposedProviders = component.Providers.Count > 0 ? [.. component.Providers] : null,
                };
            if (why is not null)
                problems.Add($"{step.Name}: {why}");
            events.AddRange(Events(step, component, result, facts.Seen?.Components?.GetValueOrDefault(step.Name)));
            if (LookAgain(step, result) is { } soon && soon < look)
                look = soon;
        }
        // A removed component is told of until it is gone.
        return new()
        {
            Components = components,
            AvailableProviders = Available(facts, components),
            CapiContracts = Contracts(facts, components),
            Problems = problems,
            LookAgain = look,
            Events = events,
        };
    }

    private static string? WhyNot(ComponentStep step, ComponentResult? result) => step.Action switch
    {
        _ when result?.Failure is { } failure => failure.Message,
        ComponentAction.Uninstall => result?.HasChanged == true ? null : "is being removed",
        ComponentAction.Install when result?.HasChanged == true => "is installed and not seen healthy yet",
        ComponentAction.Install when step.IsRepair => step.Why,
        ComponentAction.Install => "is to be installed",
        _ => step.IsInOrder ? null : step.Why,
    };

    private static TimeSpan? LookAgain(ComponentStep step, ComponentResult? result) => step.Action switch
    {
        _ when result?.Failure is not null => result.Retry,
        // Put off: it may heal meanwhile.
        ComponentAction.Install when result is { HasChanged: false } => WhileProgressing,
        ComponentAction.Install or ComponentAction.Uninstall => TimeSpan.FromMilliseconds(200),
        ComponentAction.Hold => null,
        _ => step.IsInOrder ? null : WhileProgressing,
    };

    /// <summary>
    /// A provider that was available stays so while it is installed: clusters must not be held up because one of its pods restarts, or because its next
    /// version does not come up. Adopted clusters need nothing that is installed.
    /// </summary>
    private static List<string> Available(ComponentsFacts facts, Dictionary<string, ComponentStatus> components)
    {
        var before = facts.Seen?.AvailableProviders ?? [];
        var available = facts.Wanted.SelectMany(component =>
            components[component.Wanted.Name].Success == true ? component.Providers
            : component.Installed is not null ? component.Providers.Where(before.Contains) : []);
        return [.. available.Append(IdentityRequirements.InternalProvider).Distinct().Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, Dictionary<string, string>> Contracts(ComponentsFacts facts, Dictionary<string, ComponentStatus> components)
    {
        var core = facts.Wanted.FirstOrDefault(component => component.Wanted.Name == ComponentList.Capi)?.Template?.Status?.CapiContracts;
        var result = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var component in facts.Wanted.Where(component => component.Wanted.Name != ComponentList.Capi))
        {
            var kept = facts.Seen?.CapiContracts;
            foreach (var provider in component.Providers)
                if (components[component.Wanted.Name].Success != true && component.Installed is not null && kept?.GetValueOrDefault(provider) is { } before)
                    result[provider] = new(before);
                else if (component.Template?.Status?.CapiContracts is { Count: > 0 } offered)
                    result[provider] = ContractCheck.Usable(core, offered);
        }
        return result;
    }

    private static IEnumerable<ComponentEvent> Events(ComponentStep step, ComponentFacts? component, ComponentResult? result, ComponentStatus? before)
    {
        if (result?.HasChanged == true)
            yield return step.Action == ComponentAction.Uninstall
                ? new("ComponentRemoved", $"component {step.Name} (Helm release {step.Release}) has been removed", false)
                : component?.Installed is null
                    ? new("ComponentInstalled", $"component {step.Name} has been installed from ProviderTemplate {component?.Wanted.Template}", false)
                    : new("ComponentUpgraded", $"component {step.Name} has been upgraded to ProviderTemplate {component.Wanted.Template}", false);
        else if (result?.Failure is { } failure && before?.Error != failure.Message)
            yield return new("ComponentFailed", $"component {step.Name}: {failure.Message}", true);
    }
}
