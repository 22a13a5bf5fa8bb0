using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Drift.History;

/// <summary>What was done about a drift.</summary>
internal enum DriftAction
{
    /// <summary>Only shown: the mode does not correct.</summary>
    Detected,
    Corrected,
    Failed,
    /// <summary>Left for a while, since somebody keeps changing the object.</summary>
    BackedOff,
}

/// <summary>One row of history. Fields by their paths, never by their values.</summary>
internal sealed record DriftEntry
{
    public required DateTimeOffset Time { get; init; }

    /// <summary>Of the ServiceSet and the cluster.</summary>
    public required string Namespace { get; init; }

    public required string Cluster { get; init; }

    public required string ServiceSet { get; init; }

    public required string ServiceNamespace { get; init; }

    public required string Service { get; init; }

    public required GroupVersionKind ObjectType { get; init; }

    public required ObjectKey Object { get; init; }

    public required bool IsMissing { get; init; }

    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>The field manager; null when nobody can be known.</summary>
    public string? ChangedBy { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }

    public required DriftAction Action { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Detail { get; init; }
}
