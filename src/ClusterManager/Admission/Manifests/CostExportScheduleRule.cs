using Fleet.Contracts;
using Fleet.Contracts.Costs;
using Fleet.Contracts.Validation;
using Fleet.Kubernetes.Schedules;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What the schema of a cost export can not say: a schedule that is none or never comes, a zone that nobody knows.</summary>
internal sealed class CostExportScheduleRule() : TypedRule<CostExportSpec>(ContractsJson.Default.CostExportSpec)
{
    protected override IEnumerable<FieldProblem> Check(CostExportSpec spec)
    {
        if (!string.IsNullOrEmpty(spec.TimeZone) && !TimeZoneInfo.TryFindSystemTimeZoneById(spec.TimeZone, out _))
            yield return new("spec.timeZone", "is no time zone of the IANA database, such as Europe/Paris");
        if (string.IsNullOrEmpty(spec.Schedule))
            yield break;
        if (CronSchedule.Problem(spec.Schedule) is { } wrong)
            yield return new("spec.schedule", wrong);
        // From a fixed day: whether a day ever comes does not depend on today.
        else if (CronSchedule.Parse(spec.Schedule).Next(new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc) is null)
            yield return new("spec.schedule", "never comes");
    }
}
