namespace Fleet.Helm.Processes;

/// <summary>One process. <see cref="Environment"/> is everything the child gets; nothing is inherited.</summary>
internal sealed record ProcessRequest
{
    public required string FileName { get; init; }

    /// <summary>As a list: no shell ever sees them. Visible to every user of the machine, so never a secret.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public required string WorkingDirectory { get; init; }

    /// <summary>Counted from the start of the process; waiting for a free place does not count.</summary>
    public required TimeSpan Timeout { get; init; }
    public int MaxOutputBytes { get; init; } = 32 * 1024 * 1024;
    public int MaxErrorBytes { get; init; } = 1024 * 1024;

    /// <summary>Short name for metrics, for instance <c>upgrade</c>.</summary>
    public required string Verb { get; init; }
}

internal sealed record ProcessResult
{
    public required int ExitCode { get; init; }
    public required string Output { get; init; }
    public required string Error { get; init; }
    public bool OutputTruncated { get; init; }
    public bool TimedOut { get; init; }
}
