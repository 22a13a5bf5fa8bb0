using Fleet.Cost.Anomalies;
using Fleet.Observability.Days;

namespace Fleet.Observability.Anomalies;

/// <summary>A series of days: a cluster, or a namespace or team in one.</summary>
internal sealed record AnomalySeries(string Subject, string Cluster, string Name, string Currency)
{
    /// <summary>cluster, namespace or team.</summary>
    public string Kind => DaySubject.KindOf(Subject);

    /// <summary>For people.</summary>
    public string Text => Subject == DaySubject.Clusters ? $"cluster {Cluster}" : $"{Kind} {Name} in {Cluster}";
}

/// <summary>An anomaly of a series.</summary>
internal sealed record FoundAnomaly(AnomalySeries Series, CostAnomaly Anomaly);

/// <summary>As it is kept.</summary>
/// <param name="Top">What has changed most, the most first.</param>
internal sealed record AnomalyRow(long Id, AnomalySeries Series, CostAnomaly Anomaly, IReadOnlyList<AnomalyPart> Top);

/// <param name="Name">NAMESPACE/KIND:NAME of a controller.</param>
/// <param name="Amount">By how much it costs more than a week before.</param>
internal sealed record AnomalyPart(string Name, double Amount);
