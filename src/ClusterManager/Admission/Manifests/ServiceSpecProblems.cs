using System.Text.RegularExpressions;
using Fleet.Contracts.Services;
using Fleet.Contracts.Validation;
using Fleet.Control.Placement;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What is wrong with a list of services by itself. Pure.</summary>
internal static partial class ServiceSpecProblems
{
    private const int LongestRelease = 53;

    private const string List = "spec.serviceSpec.services";

    public static IEnumerable<FieldProblem> Of(ServiceSpec? spec)
    {
        var services = spec?.Services ?? [];
        return Names(services).Concat(Dependencies(services));
    }

    /// <summary>Services become Helm releases in namespaces: both have rules for names.</summary>
    private static IEnumerable<FieldProblem> Names(List<Service> services)
    {
        for (var index = 0; index < services.Count; index++)
        {
            var service = services[index];
            if (service.Name.Length > LongestRelease || !Label().IsMatch(service.Name))
                yield return new($"{List}[{index}].name", $"\"{service.Name}\" is no name of a Helm release: lower-case letters, digits and '-', at most {LongestRelease} characters");
            if (service.Namespace is { Length: > 0 } @namespace && (@namespace.Length > 63 || !Label().IsMatch(@namespace)))
                yield return new($"{List}[{index}].namespace", $"\"{@namespace}\" is no name of a namespace: lower-case letters, digits and '-', at most 63 characters");
        }
    }

    /// <summary>Services that wait for each other, or for one that is not in the list, would wait for ever. The words are upstream's.</summary>
    private static IEnumerable<FieldProblem> Dependencies(List<Service> services)
    {
        var dependencies = new ServiceDependencies(services);
        for (var index = 0; index < services.Count; index++)
            foreach (var dependency in services[index].DependsOn ?? [])
                if (!dependencies.Has(ServiceKey.Of(dependency)))
                    yield return new($"{List}[{index}].dependsOn", $"dependency {dependency.Name} of service {services[index].Name} is not defined as a service");
        if (dependencies.Graph.Cycles is [var cycle, ..])
            yield return new(List, $"dependency cycle detected at {cycle[0].Name}");
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();
}
