using System.Globalization;
using Fleet.Kubernetes.Objects;
using Microsoft.Extensions.Primitives;

namespace Fleet.Observability.Query;

/// <summary>The parameters of a query, each known and given once. Pure.</summary>
internal sealed class QueryParameters
{
    private const int LongestText = 1024;

    private readonly Dictionary<string, string> given = new(StringComparer.Ordinal);

    /// <exception cref="TelemetryQueryException">A parameter is not known, given twice, or too long.</exception>
    public QueryParameters(IEnumerable<KeyValuePair<string, StringValues>> parameters, params string[] known)
    {
        foreach (var (name, values) in parameters)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                throw new TelemetryQueryException($"{Quoted(name)} is not known here; there are: {string.Join(", ", known)}");
            if (values.Count != 1)
                throw new TelemetryQueryException($"{name} is given {values.Count} times");
            if (values[0] is { Length: > LongestText })
                throw new TelemetryQueryException($"{name} may have {LongestText} characters");
            if (values[0] is { Length: > 0 } value)
                given[name] = value.Contains('\0', StringComparison.Ordinal) ? throw new TelemetryQueryException($"{name} holds a zero character") : value;
        }
    }

    /// <summary>Null for one that is not there or empty.</summary>
    public string? Text(string name) => given.GetValueOrDefault(name);

    public string Required(string name) => Text(name) ?? throw new TelemetryQueryException($"{name} is needed");

    public int Limit(int usual, int most) => Text("limit") is not { } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most ? limit
        : throw new TelemetryQueryException($"limit must be a whole number from 1 to {most}");

    /// <summary><c>namespace/name</c> of a ClusterDeployment.</summary>
    public ObjectKey? Cluster() => Text("cluster") is not { } text ? null
        : text.Split('/') is [{ Length: > 0 } @namespace, { Length: > 0 } name] ? new ObjectKey(@namespace, name)
        : throw new TelemetryQueryException("cluster is namespace/name of a ClusterDeployment, for example team-a/web");

    /// <param name="usual">How far back it goes when nothing is said.</param>
    public TimeRange Range(DateTimeOffset now, TimeSpan usual, TimeSpan most)
    {
        var to = Time("to") ?? now;
        // A database knows no times before the year 1.
        var from = Time("from") ?? (to - DateTimeOffset.UnixEpoch > usual ? to - usual : DateTimeOffset.UnixEpoch);
        if (from >= to)
            throw new TelemetryQueryException("from must be before to");
        return to - from <= most ? new(from, to) : throw new TelemetryQueryException($"from and to may be {most.TotalHours:0} hours apart");
    }

    /// <summary>RFC 3339, or seconds since 1970.</summary>
    private DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e11)
            return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time >= DateTimeOffset.UnixEpoch
            ? time : throw new TelemetryQueryException($"{name} is no time: for example 2026-11-21T12:00:00Z, or seconds since 1970");
    }

    private static string Quoted(string text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..60]}…'";
}
