using System.Text.RegularExpressions;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Services become Helm releases in namespaces: both have rules for names.</summary>
internal sealed partial class ServiceNamesRule : IClusterRule
{
    private const int LongestRelease = 53;

    public IEnumerable<FieldProblem> Check(ClusterRuleInput input)
    {
        var services = input.Wanted.ServiceSpec?.Services ?? [];
        for (var index = 0; index < services.Count; index++)
        {
            var path = $"spec.serviceSpec.services[{index}]";
            var service = services[index];
            if (service.Name.Length > LongestRelease || !Label().IsMatch(service.Name))
                yield return new($"{path}.name", $"\"{service.Name}\" is no name of a Helm release: lower-case letters, digits and '-', at most {LongestRelease} characters");
            if (service.Namespace is { Length: > 0 } @namespace && (@namespace.Length > 63 || !Label().IsMatch(@namespace)))
                yield return new($"{path}.namespace", $"\"{@namespace}\" is no name of a namespace: lower-case letters, digits and '-', at most 63 characters");
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();
}
