using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.Primitives;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>What a caller of the query API says, turned into what the store is asked. Only parameters that are known here go on. Pure.</summary>
internal sealed partial class PromParameters(IReadOnlyDictionary<string, StringValues> given, PromLimits limits, DateTimeOffset now)
{
    private const int MostMatches = 32;

    /// <summary><c>cluster=namespace/name</c>: this API's own.</summary>
    public ObjectKey? Cluster() => new QueryParameters(given.Where(one => one.Key == "cluster"), "cluster").Cluster();

    public TimeSpan Patience() => One("timeout") is not { } text ? limits.Patience
        : Duration(text) is { } asked && asked > TimeSpan.Zero ? (asked < limits.Patience ? asked : limits.Patience)
        : throw new PromQueryException("timeout is no duration: for example 10s");

    public IReadOnlyList<KeyValuePair<string, string>> Query(TenantMatchers tenant) =>
    [
        new("query", PromQuery.Expression(Needed("query"), tenant, limits)),
        new("time", Text(Time("time") ?? now)),
        .. Limit(),
    ];

    public IReadOnlyList<KeyValuePair<string, string>> QueryRange(TenantMatchers tenant)
    {
        var query = PromQuery.Expression(Needed("query"), tenant, limits);
        var (start, end) = Window(needed: true);
        var step = Duration(Needed("step")) is { } asked && asked >= TimeSpan.FromSeconds(1) ? asked : throw new PromQueryException("step is a duration of at least 1s");
        if ((end - start) / step > limits.MostPoints)
            throw new PromQueryException($"a series may have {limits.MostPoints} points: a longer step is needed");
        return [new("query", query), new("start", Text(start)), new("end", Text(end)), new("step", step.TotalSeconds.ToString(CultureInfo.InvariantCulture)), .. Limit()];
    }

    /// <summary>For series, which need a selector.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Series(TenantMatchers tenant) =>
        Matches(tenant) is { Count: > 0 } matches ? [.. matches, .. WindowParameters(), .. Limit()] : throw new PromQueryException("no match[] parameter provided");

    /// <summary>For labels and their values, which need none: then the tenant's matchers are the selector.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels(TenantMatchers tenant)
    {
        var matches = Matches(tenant);
        return [.. matches.Count == 0 && !tenant.IsEmpty ? [new("match[]", $"{{{tenant.Text}}}")] : matches, .. WindowParameters(), .. Limit()];
    }

    /// <exception cref="PromQueryException">It is none.</exception>
    public static string Label(string name) => LabelName().IsMatch(name) ? name : throw new PromQueryException("that is no name of a label");

    private List<KeyValuePair<string, string>> Matches(TenantMatchers tenant)
    {
        var all = given.TryGetValue("match[]", out var values) ? values : StringValues.Empty;
        return all.Count <= MostMatches
            ? [.. all.Select(one => new KeyValuePair<string, string>("match[]", PromQuery.Selector(one ?? "", tenant, limits)))]
            : throw new PromQueryException($"there may be {MostMatches} match[]");
    }

    private IEnumerable<KeyValuePair<string, string>> WindowParameters()
    {
        var (start, end) = Window(needed: false);
        return [new("start", Text(start)), new("end", Text(end))];
    }

    private (DateTimeOffset Start, DateTimeOffset End) Window(bool needed)
    {
        var end = Time("end") ?? (needed ? throw new PromQueryException("end is needed") : now);
        // Without a start: what there was lately, not everything since 1970.
        var start = Time("start") ?? (needed ? throw new PromQueryException("start is needed") : end - TimeSpan.FromDays(1));
        if (end < start)
            throw new PromQueryException("end must not be before start");
        return end - start <= limits.LongestRange ? (start, end) : throw new PromQueryException($"start and end may be {limits.LongestRange.TotalDays:0} days apart");
    }

    private IEnumerable<KeyValuePair<string, string>> Limit() => One("limit") is not { } text ? []
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? [new("limit", limit.ToString(CultureInfo.InvariantCulture))]
        : throw new PromQueryException("limit is no whole number");

    private DateTimeOffset? Time(string name)
    {
        if (One(name) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 2.5e11)
            return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time >= DateTimeOffset.UnixEpoch
            ? time : throw new PromQueryException($"{name} is no time: seconds since 1970, or 2026-11-21T12:00:00Z");
    }

    private static TimeSpan? Duration(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 3.2e9 ? TimeSpan.FromSeconds(seconds)
        : PromDuration.TryParse(text, out var duration) ? duration : null;

    private string Needed(string name) => One(name) ?? throw new PromQueryException($"{name} is needed");

    private string? One(string name) => !given.TryGetValue(name, out var values) || values is [] or [""] or [null] ? null
        : values.Count == 1 ? values[0] : throw new PromQueryException($"{name} is given {values.Count} times");

    private static string Text(DateTimeOffset time) => (time.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]{0,511}\z")]
    private static partial Regex LabelName();
}
