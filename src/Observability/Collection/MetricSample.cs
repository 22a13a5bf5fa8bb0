namespace Fleet.Observability.Collection;

/// <summary>One sample as it was written.</summary>
/// <param name="Name">Of the metric, with its suffix.</param>
/// <param name="Labels">In the order in which they were written; no name twice.</param>
/// <param name="Value">NaN and infinities included.</param>
/// <param name="Time">Null: none was written.</param>
internal sealed record MetricSample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value, DateTimeOffset? Time)
{
    /// <summary>Null when there is no such label; an empty value counts as none, as in Prometheus.</summary>
    public string? Label(string name)
    {
        foreach (var (label, value) in Labels)
        {
            if (label == name)
                return value.Length == 0 ? null : value;
        }
        return null;
    }
}
