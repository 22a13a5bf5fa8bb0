using Fleet.Contracts;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Matchers that can be read, and somebody who is told.</summary>
internal sealed class AlertRouteSpecRule() : TypedRule<AlertRouteSpec>(ContractsJson.Default.AlertRouteSpec)
{
    protected override IEnumerable<FieldProblem> Check(AlertRouteSpec spec)
    {
        if (spec.Receiver is null && spec.Routes is null or { Count: 0 })
            yield return new("spec.receiver", "is needed where there are no routes");
        for (var index = 0; index < (spec.Routes?.Count ?? 0); index++)
            foreach (var problem in AlertTexts.Matchers(spec.Routes![index].Matchers, $"spec.routes[{index}].matchers", needsOne: false))
                yield return problem;
        for (var index = 0; index < (spec.InhibitRules?.Count ?? 0); index++)
            foreach (var problem in AlertTexts.Matchers(spec.InhibitRules![index].SourceMatchers, $"spec.inhibitRules[{index}].sourceMatchers", needsOne: false)
                .Concat(AlertTexts.Matchers(spec.InhibitRules[index].TargetMatchers, $"spec.inhibitRules[{index}].targetMatchers", needsOne: false)))
                yield return problem;
    }
}
