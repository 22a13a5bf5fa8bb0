using Fleet.Contracts.Services;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Services that wait for each other, or for one that is not in the list, would wait for ever.</summary>
internal sealed class ServiceDependenciesRule : IClusterRule
{
    public IEnumerable<FieldProblem> Check(ClusterRuleInput input)
    {
        var services = input.Wanted.ServiceSpec?.Services ?? [];
        var byKey = services.GroupBy(KeyOf).ToDictionary(group => group.Key, group => group.First());
        for (var index = 0; index < services.Count; index++)
            foreach (var dependency in services[index].DependsOn ?? [])
                if (!byKey.ContainsKey(KeyOf(dependency)))
                    yield return new(
                        $"spec.serviceSpec.services[{index}].dependsOn",
                        $"dependency {dependency.Name} of service {services[index].Name} is not defined as a service");
        if (Cycle(byKey) is { } name)
            yield return new("spec.serviceSpec.services", $"dependency cycle detected at {name}");
    }

    private static string? Cycle(Dictionary<(string, string), Service> services)
    {
        var done = new HashSet<(string, string)>();
        var onPath = new HashSet<(string, string)>();
        return services.Keys.Select(Visit).FirstOrDefault(name => name is not null);

        string? Visit((string, string) key)
        {
            if (done.Contains(key) || !services.TryGetValue(key, out var service))
                return null;
            if (!onPath.Add(key))
                return service.Name;
            var found = (service.DependsOn ?? []).Select(dependency => Visit(KeyOf(dependency))).FirstOrDefault(name => name is not null);
            onPath.Remove(key);
            done.Add(key);
            return found;
        }
    }

    private static (string, string) KeyOf(Service service) => (service.Namespace is { Length: > 0 } named ? named : "default", service.Name);

    private static (string, string) KeyOf(ServiceDependency dependency) => (dependency.Namespace is { Length: > 0 } named ? named : "default", dependency.Name);
}
