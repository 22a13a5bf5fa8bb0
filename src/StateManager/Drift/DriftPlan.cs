namespace Fleet.StateManager.Drift;

/// <summary>What is to be done about the drift of one service, and afterwards what was done.</summary>
internal sealed record DriftPlan
{
    public static DriftPlan None { get; } = new();

    /// <summary>To be given back what is declared.</summary>
    public IReadOnlyList<ObjectDrift> Correct { get; init; } = [];

    /// <summary>Left as they are: the mode does not correct, or their time has not come.</summary>
    public IReadOnlyList<DriftedObject> Left { get; init; } = [];

    /// <summary>What has been corrected.</summary>
    public IReadOnlyList<DriftedObject> Corrected { get; init; } = [];

    /// <summary>Why some objects cannot be watched.</summary>
    public IReadOnlyList<string> NotWatched { get; init; } = [];

    /// <summary>The mode does not correct.</summary>
    public bool IsShownOnly { get; init; }

    public TimeSpan? CheckAgainAfter { get; init; }
}

/// <param name="Attempts">Null when it was never corrected, or not for long.</param>
internal sealed record DriftedObject(ObjectDrift Drift, DriftAttempts? Attempts);
