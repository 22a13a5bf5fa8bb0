using Fleet.Contracts.Chains;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Services;
using Fleet.Control.Templates;

namespace Fleet.Control.Placement;

/// <summary>Where the chains of services lead from what is placed, for <c>status.servicesUpgradePaths</c>. Pure.</summary>
public static class ServiceUpgrades
{
    /// <returns>Null when no service has a chain.</returns>
    public static List<ServiceUpgradePaths>? Of(IEnumerable<Service> declared, IReadOnlyList<PlacedService> placed, IReadOnlyDictionary<string, UpgradeGraph> chains)
    {
        var present = placed.GroupBy(ServiceKey.Of).ToDictionary(group => group.Key, group => group.First());
        var result = new List<ServiceUpgradePaths>();
        foreach (var service in declared.Where(service => service.TemplateChain is { Length: > 0 }))
        {
            var key = ServiceKey.Of(service);
            var template = present.GetValueOrDefault(key)?.Template ?? service.Template;
            result.Add(new()
            {
                Name = key.Name,
                Namespace = key.Namespace,
                Template = template,
                AvailableUpgrades = chains.GetValueOrDefault(service.TemplateChain!) is { } graph ? [.. graph.RoutesFrom(template).SelectMany(route => route.Paths).Select(Path)] : null,
            });
        }
        return result.Count > 0 ? result : null;
    }

    private static UpgradePath Path(IReadOnlyList<UpgradeTarget> steps) => new()
    {
        UpgradePaths = [.. steps.Select(step => step.Template)],
        Versions = [.. steps.Select(step => new AvailableUpgrade { Name = step.Template, Version = step.Version })],
    };
}
