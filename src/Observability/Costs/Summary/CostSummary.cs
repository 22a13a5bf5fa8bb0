namespace Fleet.Observability.Costs.Summary;

/// <summary>What a first look at costs shows; amounts are in <see cref="Currency"/>.</summary>
internal sealed record CostSummary
{
    public required string Currency { get; init; }

    public required SummaryWindow Window { get; init; }

    /// <summary>Of this month, the running day included.</summary>
    public double MonthToDate { get; init; }

    /// <summary>Null when it is not known from its first day.</summary>
    public double? LastMonth { get; init; }

    /// <summary>Of last month as many days as this one has had, the running one included.</summary>
    public double? LastMonthToSameDay { get; init; }

    public required SummaryForecast Forecast { get; init; }

    public SummaryBudget? Budget { get; init; }

    /// <summary>Of this month's cost, what nobody used of the machines.</summary>
    public double IdlePercent { get; init; }

    /// <summary>Used of what workloads pay for of CPU and memory, from 0 to 1; null when they pay for nothing.</summary>
    public double? Efficiency { get; init; }

    /// <summary>In a month, of what is recommended; null when nothing is.</summary>
    public SummarySavings? Savings { get; init; }

    public int OpenAnomalies { get; init; }

    public required IReadOnlyList<SummaryMover> TopMovers { get; init; }

    public required IReadOnlyList<SummaryCluster> Clusters { get; init; }

    /// <summary>All clusters; <see cref="Clusters"/> holds the dearest.</summary>
    public int ClusterCount { get; init; }

    public required IReadOnlyList<SummaryDay> Days { get; init; }

    /// <summary>Whether workloads, idle and overhead add up to what is paid for.</summary>
    public bool Balanced { get; init; }

    /// <summary>Nobody pays for some of these clusters.</summary>
    public bool Simulated { get; init; }

    /// <summary>Parts that have no price, of something that ran this month.</summary>
    public required IReadOnlyList<string> MissingPrices { get; init; }

    /// <summary>Clusters that were not looked at for an hour or more.</summary>
    public required IReadOnlyList<string> Stale { get; init; }

    /// <summary>Since when costs are known; null when none are.</summary>
    public string? KnownSince { get; init; }
}

internal sealed record SummaryWindow(string Start, string End);

internal sealed record SummaryForecast(double? Amount, double? Low, double? High, string? Method, bool EnoughHistory);

internal sealed record SummaryBudget(double Amount, double Spent, int Count);

internal sealed record SummarySavings(double Cash, double Freed);

/// <param name="Kind">cluster, namespace, or the name of a CostCategory such as team.</param>
/// <param name="Amount">Of the last seven whole days.</param>
/// <param name="Before">Of the seven before them.</param>
internal sealed record SummaryMover(string Kind, string Name, string? Cluster, double Amount, double Before, double Change);

/// <param name="Amount">Of this month.</param>
/// <param name="Change">To last month at the same day; null when nothing is known of it.</param>
internal sealed record SummaryCluster(string Cluster, double Amount, double? Change, double Idle, DateTimeOffset? SeenUntil, IReadOnlyList<string> Problems);

internal sealed record SummaryDay(string Date, double Amount, double Idle);
