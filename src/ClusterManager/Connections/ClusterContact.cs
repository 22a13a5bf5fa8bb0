namespace Fleet.ClusterManager.Connections;

/// <summary>What is known of a managed cluster at one moment. Immutable.</summary>
internal sealed record ClusterContact
{
    /// <summary>Two in a row: one lost answer is no outage, and with the short pause after it an outage is seen in seconds.</summary>
    internal const int FailuresToBelieve = 2;

    /// <summary>Nobody has got an answer or a refusal yet.</summary>
    public static ClusterContact None { get; } = new();

    /// <summary>Of the last call; null before the first is over.</summary>
    public ProbeResult? Last { get; init; }

    /// <summary>What the API server said about itself when it last answered.</summary>
    public string? Version { get; init; }

    /// <summary>Failures since the last answer.</summary>
    public int Failures { get; init; }

    /// <summary>When it last answered this process; null when it never did.</summary>
    public DateTimeOffset? Answered { get; init; }

    /// <summary>By the monotonic clock, which does not jump; only with <see cref="Answered"/>.</summary>
    public TimeSpan SinceAnswer { get; init; }

    /// <summary>Null while they cannot be told; then <see cref="NodesProblem"/> may say why.</summary>
    public IReadOnlyList<NodeRow>? Nodes { get; init; }

    public string? NodesProblem { get; init; }

    /// <summary>It answers, or has only missed once.</summary>
    public bool IsReachable => Last is { Answered: true } || (Answered is not null && Failures < FailuresToBelieve && Last is { KubeconfigInvalid: false });

    /// <summary>Bad luck and an outage cannot be told apart yet, and there is no earlier answer to stand on.</summary>
    public bool IsUnclear => Last is null || (!IsReachable && Answered is null && Failures < FailuresToBelieve && !Last.KubeconfigInvalid);
}
