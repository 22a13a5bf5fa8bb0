using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>Results of policies by number. What an exception takes out is in <see cref="Excepted"/> alone.</summary>
public record ComplianceCountsView
{
    public int Pass { get; init; }
    public int Fail { get; init; }
    public int Warn { get; init; }
    public int Error { get; init; }
    public int Skip { get; init; }

    [Description("Failures, warnings and errors that an exception in force covers; not counted among those.")]
    public int Excepted { get; init; }
}

/// <summary>Results of one policy in one namespace of one cluster.</summary>
public sealed record ComplianceView : ComplianceCountsView
{
    [Description("Namespace of the cluster, in the management cluster.")]
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }

    [Description("What reported it: kyverno, gatekeeper, …; empty when the report does not say.")]
    public required string Source { get; init; }

    [Description("As the report names it; KIND/NAME for a constraint of Gatekeeper.")]
    public required string Policy { get; init; }

    [Description("Namespace in the cluster; empty for what is in none, (unlisted) for violations that Gatekeeper counts but does not list.")]
    public required string TargetNamespace { get; init; }

    [Description("When the figures were known to be right last.")]
    public DateTimeOffset? ObservedAt { get; init; }

    [Description("The cluster is not seen now: the figures are its last ones.")]
    public bool Stale { get; init; }
}

/// <summary>A cluster's results, and how fresh they are.</summary>
public sealed record ClusterComplianceView : ComplianceCountsView
{
    [Description("Namespace of the cluster, in the management cluster.")]
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }

    [Description("Policies among the rows that were asked for.")]
    public int Policies { get; init; }

    [Description("When the figures were known to be right last; absent when the cluster was never seen: then nothing is known, which is not the same as no findings.")]
    public DateTimeOffset? ObservedAt { get; init; }

    [Description("The cluster is not seen now: the figures are its last ones.")]
    public bool Stale { get; init; }

    [Description("Why it is not seen.")]
    public string? Problem { get; init; }

    [Description("Kinds of reports that the cluster serves; empty when it has no policy engine that reports.")]
    public IReadOnlyList<string> Kinds { get; init; } = [];

    [Description("Findings that are counted, but not kept one by one, since there are too many.")]
    public int LeftOut { get; init; }
}

/// <summary>A result that did not pass.</summary>
public sealed record FindingView
{
    public required string Source { get; init; }
    public required string Policy { get; init; }
    public string? Rule { get; init; }

    [Description("fail, warn or error.")]
    public required string Result { get; init; }

    [Description("Name of the ComplianceException that covers it; absent when it counts.")]
    public string? ExceptedBy { get; init; }

    [Description("critical, high, medium, low or info; absent when the report does not say.")]
    public string? Severity { get; init; }
    public string? Category { get; init; }
    public string? TargetNamespace { get; init; }
    public string? Kind { get; init; }
    public string? Name { get; init; }
    public string? Message { get; init; }
}

/// <summary>The sum at the end of a day; for today, now.</summary>
public sealed record ComplianceDayView : ComplianceCountsView
{
    public required DateOnly Day { get; init; }
}

public sealed record ComplianceTrendView
{
    [Description("Oldest first, a day each.")]
    public required IReadOnlyList<ComplianceDayView> Days { get; init; }

    [Description("True when clusters were left out because RBAC lets you see some namespaces only.")]
    public bool LimitedByAccess { get; init; }
}
