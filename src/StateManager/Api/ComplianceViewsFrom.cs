using Fleet.Contracts.Api;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Compliance.Findings;
using Fleet.StateManager.Compliance.Storage;

namespace Fleet.StateManager.Api;

/// <summary>The compliance report as the API shows it. Pure.</summary>
internal static class ComplianceViewsFrom
{
    public static ComplianceView Policy(CompliancePolicyRow row, ComplianceClusterRow? cluster, ComplianceOptions options, DateTimeOffset now) => new()
    {
        Namespace = row.Namespace, Cluster = row.Cluster, Source = row.Source, Policy = row.Policy, TargetNamespace = row.TargetNamespace,
        Pass = row.Pass, Fail = row.Fail, Warn = row.Warn, Error = row.Error, Skip = row.Skip, Excepted = row.Excepted,
        ObservedAt = cluster?.ObservedAt, Stale = IsStale(cluster, options, now),
    };

    public static ClusterComplianceView Cluster(ComplianceClusterRow row, (ResultCounts Counts, int Policies) sum, ComplianceOptions options, DateTimeOffset now) => new()
    {
        Namespace = row.Namespace, Cluster = row.Cluster, Policies = sum.Policies,
        Pass = sum.Counts.Pass, Fail = sum.Counts.Fail, Warn = sum.Counts.Warn, Error = sum.Counts.Error, Skip = sum.Counts.Skip, Excepted = sum.Counts.Excepted,
        ObservedAt = row.ObservedAt, Stale = IsStale(row, options, now),
        Problem = row.Problem ?? (IsStale(row, options, now) ? "nobody has looked since" : null),
        Kinds = row.Kinds, LeftOut = row.LeftOut,
    };

    public static FindingView Finding(ComplianceFindingRow row) => new()
    {
        Source = row.Source, Policy = row.Policy, Rule = Said(row.Rule), Result = row.Result, ExceptedBy = row.ExceptedBy, Severity = Said(row.Severity), Category = Said(row.Category),
        TargetNamespace = Said(row.TargetNamespace), Kind = Said(row.Kind), Name = Said(row.Name), Message = Said(row.Message),
    };

    /// <summary>Every day of the time: one without a row is as the day before it. Days before the first are not known.</summary>
    public static IReadOnlyList<ComplianceDayView> Days(IReadOnlyList<ComplianceDay> known, DateOnly to)
    {
        var days = new List<ComplianceDayView>();
        for (var index = 0; index < known.Count; index++)
            for (var day = known[index].Day; day <= to && (index + 1 == known.Count || day < known[index + 1].Day); day = day.AddDays(1))
                days.Add(new()
                {
                    Day = day, Pass = known[index].Pass, Fail = known[index].Fail, Warn = known[index].Warn, Error = known[index].Error, Skip = known[index].Skip, Excepted = known[index].Excepted,
                });
        return days;
    }

    /// <summary>Also when whoever looks after the cluster has stopped to confirm.</summary>
    private static bool IsStale(ComplianceClusterRow? row, ComplianceOptions options, DateTimeOffset now) =>
        row?.ObservedAt is not { } observed || row.Problem is not null || now - observed > 3 * options.Heartbeat + options.Gather;

    private static string? Said(string text) => text.Length > 0 ? text : null;
}
