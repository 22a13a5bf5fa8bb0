using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Compliance;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>An exception says what it is for, why, and until when; a new one has not ended yet. One that exists may be ended by an earlier day.</summary>
internal sealed class ComplianceExceptionRule(TimeProvider clock) : IManifestRule
{
    public IEnumerable<FieldProblem> Check(ManifestInput input)
    {
        ComplianceExceptionSpec? spec;
        try
        {
            spec = input.Spec.Deserialize(ContractsJson.Default.ComplianceExceptionSpec);
        }
        catch (JsonException)
        {
            // The schema says better what has the wrong type.
            return [];
        }
        return spec is null ? [] : Check(spec, input.OldSpec is null);
    }

    private IEnumerable<FieldProblem> Check(ComplianceExceptionSpec spec, bool isNew)
    {
        if (string.IsNullOrWhiteSpace(spec.Reason))
            yield return new("spec.reason", "must say why the findings are accepted");
        if (spec.Policies.Count == 0)
            yield return new("spec.policies", "must name a policy");
        foreach (var (path, words) in new[] { ("clusters", spec.Clusters), ("policies", spec.Policies), ("rules", spec.Rules), ("namespaces", spec.Namespaces) })
            for (var index = 0; index < (words?.Count ?? 0); index++)
                if (string.IsNullOrWhiteSpace(words![index]))
                    yield return new($"spec.{path}[{index}]", "must not be empty");
        // An empty list would be read as "all of them" by whoever forgets that it is there.
        foreach (var (path, count) in new[] { ("clusters", spec.Clusters?.Count), ("rules", spec.Rules?.Count), ("namespaces", spec.Namespaces?.Count), ("resources", spec.Resources?.Count) })
            if (count == 0)
                yield return new($"spec.{path}", "must hold something, or be left out");
        foreach (var problem in SelectorSyntax.Check(spec.ClusterSelector, "spec.clusterSelector"))
            yield return problem;
        if (isNew && spec.Expires <= clock.GetUtcNow())
            yield return new("spec.expires", "must be in the future: an exception that has ended covers nothing");
    }
}
