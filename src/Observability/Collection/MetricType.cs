namespace Fleet.Observability.Collection;

/// <summary>Of which kind a metric says it is.</summary>
internal enum MetricType
{
    /// <summary>It says nothing, or something that is not known here.</summary>
    Unknown,
    Counter,
    Gauge,
    Histogram,
    Summary,
    Info,
}
