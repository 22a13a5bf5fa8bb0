namespace Fleet.Observability.Collection;

/// <summary>A line that could not be read. What stands in it is not repeated: it came from outside.</summary>
internal readonly record struct BadLine(int Number, string Why);

/// <summary>What was read of an answer.</summary>
internal sealed record Exposition
{
    public required IReadOnlyList<MetricSample> Samples { get; init; }

    /// <summary>By the name that the TYPE line gave.</summary>
    public required IReadOnlyDictionary<string, MetricType> Types { get; init; }

    /// <summary>Lines that could not be read.</summary>
    public int Malformed { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<BadLine> FirstBad { get; init; } = [];

    /// <summary>Samples of metrics that nobody asked for.</summary>
    public int Unwanted { get; init; }

    /// <summary>The answer was longer than the limits; what came after is not known.</summary>
    public bool CutOff { get; init; }

    /// <summary>An OpenMetrics answer ended as it should; a text answer has no mark of its end.</summary>
    public bool Complete { get; init; }
}
