using System.Globalization;
using Fleet.Cost;
using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;
using Fleet.Cost.Sharing;
using Fleet.Observability.Ledger;
using Microsoft.Extensions.Primitives;

namespace Fleet.Observability.Costs;

/// <summary>The parameters of <c>/allocation</c>, OpenCost's. Pure.</summary>
internal sealed record CostQuery
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "window", "aggregate", "step", "accumulate", "accumulateBy", "includeIdle", "idle", "shareIdle", "idleByNode", "splitIdle", "filter", "includeAggregatedMetadata", "shareNamespaces",
        "shareLabels", "shareCost", "shareSplit", "offset", "resolution", "currency",
    };

    public required QueryWindow Window { get; init; }

    public required TimeSpan Step { get; init; }

    public AccumulateBy Accumulate { get; init; }

    public required AllocationQuery Query { get; init; }

    public TimeSpan UtcOffset { get; init; }

    /// <summary>Only costs in this one; null when nothing is said.</summary>
    public string? Currency { get; init; }

    /// <summary>How finely costs must be read to answer it.</summary>
    public LedgerDetail Detail =>
        Query is { AggregateBy: { } by, IdleByNode: false, IncludeAggregatedMetadata: false, IncludeAssetShares: false, Shared.Labels.Count: 0 }
        && by.Properties.All(property => property is "cluster" or "namespace") && IsOnlyOf(Query.Filter.Tree, "cluster", "namespace")
            ? by.Properties.All(property => property is "cluster") && IsOnlyOf(Query.Filter.Tree, "cluster") && Query.Shared.Namespaces.Count == 0 ? LedgerDetail.Clusters : LedgerDetail.Namespaces
            : LedgerDetail.Containers;

    /// <summary>The sets that were asked for.</summary>
    public IReadOnlyList<LedgerSet> Of(IReadOnlyList<LedgerSet> sets) => Currency is { } one ? [.. sets.Where(set => set.Allocations.Currency == one)] : sets;

    /// <param name="categories">Finds the values of a CostCategory by its name; throws when there is none.</param>
    /// <exception cref="CostQueryException">A parameter is not known, given twice, or says nothing that is understood; the message names it.</exception>
    /// <exception cref="FilterException">The filter, with the character at which it goes wrong.</exception>
    public static CostQuery Read(
        IEnumerable<KeyValuePair<string, StringValues>> parameters, DateTimeOffset now, Func<string, Func<AllocationProperties, string?>>? categories = null)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in parameters)
        {
            if (!Known.Contains(name))
                throw new CostQueryException($"{Quoted(name)} is no parameter: there are {string.Join(", ", Known.Order(StringComparer.Ordinal))}");
            given[name] = values.Count == 1 ? values[0] ?? "" : throw new CostQueryException($"{name} is given {values.Count} times");
        }
        var offset = given.TryGetValue("offset", out var stated) ? WindowParser.ParseUtcOffset(stated) : TimeSpan.Zero;
        var asked = WindowParser.Parse(given.GetValueOrDefault("window") ?? throw new CostQueryException("a window is needed: window=7d"), now, offset);
        var window = FullHours(asked);
        var step = given.TryGetValue("step", out var length) ? WindowParser.ParseStep(length) : window.Duration;
        if (step.Ticks % TimeSpan.TicksPerHour != 0)
            throw new CostQueryException("a step must be of full hours: costs are kept by the hour");
        // Steps that are too many are told here, before the database is asked.
        _ = window.Steps(step);
        var by = given.GetValueOrDefault("accumulateBy") ?? given.GetValueOrDefault("accumulate") ?? "";
        return new()
        {
            Window = window,
            Step = step < window.Duration ? step : window.Duration,
            Accumulate = Accumulation.Parse(by),
            UtcOffset = offset,
            Currency = given.GetValueOrDefault("currency") is { Length: > 0 } currency ? currency : null,
            Query = new()
            {
                AggregateBy = given.GetValueOrDefault("aggregate") is { Length: > 0 } aggregate ? Aggregation.Parse(aggregate, categories: categories) : null,
                Filter = given.GetValueOrDefault("filter") is { Length: > 0 } filter ? AllocationFilter.Parse(filter) : AllocationFilter.Everything,
                IncludeIdle = Flag(given, "includeIdle") || Flag(given, "idle"),
                ShareIdle = Flag(given, "shareIdle"),
                IdleByNode = Flag(given, "idleByNode"),
                SplitIdle = Flag(given, "splitIdle"),
                IncludeAggregatedMetadata = Flag(given, "includeAggregatedMetadata"),
                Shared = SharedOf(given),
            },
        };
    }

    private static bool IsOnlyOf(FilterNode filter, params string[] fields) => filter switch
    {
        EveryNode => true,
        AndNode and => and.Parts.All(part => IsOnlyOf(part, fields)),
        OrNode or => or.Parts.All(part => IsOnlyOf(part, fields)),
        ComparisonNode comparison => fields.Contains(comparison.Field.Name),
        _ => false,
    };

    /// <summary>Costs are kept by the hour: a window is widened to full hours.</summary>
    private static QueryWindow FullHours(QueryWindow window)
    {
        var start = window.Start.UtcTicks - window.Start.UtcTicks % TimeSpan.TicksPerHour;
        var end = window.End.UtcTicks + (TimeSpan.TicksPerHour - window.End.UtcTicks % TimeSpan.TicksPerHour) % TimeSpan.TicksPerHour;
        return new(new(start, TimeSpan.Zero), new(end, TimeSpan.Zero));
    }

    private static SharedCosts SharedOf(Dictionary<string, string> given) => SharedCosts.None with
    {
        Namespaces = Words(given.GetValueOrDefault("shareNamespaces")).ToHashSet(StringComparer.Ordinal),
        Labels = Words(given.GetValueOrDefault("shareLabels")).Select(label => label.Split(':', 2)).GroupBy(label => label[0])
            .ToDictionary(
                group => group.Key,
                IReadOnlySet<string> (group) => group.Select(label => label.Length == 2 ? label[1] : throw new CostQueryException("shareLabels is a list of key:value")).ToHashSet(StringComparer.Ordinal)),
        // OpenCost's is a cost per month.
        HourlyOverhead = given.GetValueOrDefault("shareCost") is { Length: > 0 } cost
            ? double.TryParse(cost, NumberStyles.Float, CultureInfo.InvariantCulture, out var month) && month is >= 0 and < 1e15
                ? new Dictionary<string, double> { ["overhead"] = month / CostUnits.HoursPerMonth }
                : throw new CostQueryException("shareCost is an amount per month")
            : new Dictionary<string, double>(),
        Split = given.GetValueOrDefault("shareSplit") switch
        {
            null or "" or "weighted" => ShareSplit.Weighted,
            "even" => ShareSplit.Even,
            _ => throw new CostQueryException("shareSplit is weighted or even"),
        },
    };

    private static string[] Words(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static bool Flag(Dictionary<string, string> given, string name) => given.GetValueOrDefault(name)?.ToLowerInvariant() switch
    {
        null or "" or "false" or "0" => false,
        "true" or "1" => true,
        var other => throw new CostQueryException($"{name} is true or false, not {Quoted(other)}"),
    };

    internal static string Quoted(string text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..60]}…'";
}
