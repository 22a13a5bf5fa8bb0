namespace Fleet.Cost.Anomalies;

/// <summary>How far a cost is from what was usual.</summary>
public enum AnomalySeverity
{
    /// <summary>Less than half as much more.</summary>
    Low,

    /// <summary>At least half as much more.</summary>
    Medium,

    /// <summary>At least twice.</summary>
    High,
}
