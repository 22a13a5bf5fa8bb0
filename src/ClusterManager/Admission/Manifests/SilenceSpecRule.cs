using Fleet.Contracts;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>A silence hushes something, and ends after it has begun.</summary>
internal sealed class SilenceSpecRule() : TypedRule<SilenceSpec>(ContractsJson.Default.SilenceSpec)
{
    protected override IEnumerable<FieldProblem> Check(SilenceSpec spec)
    {
        foreach (var problem in AlertTexts.Matchers(spec.Matchers, "spec.matchers", needsOne: true))
            yield return problem;
        if (spec.StartsAt >= spec.EndsAt)
            yield return new("spec.endsAt", "must be after startsAt");
        if (string.IsNullOrWhiteSpace(spec.Comment))
            yield return new("spec.comment", "must say why");
    }
}
