using Fleet.Testing;

namespace Fleet.Contract.Tests.Transcripts;

/// <summary>
/// One command of a script that runs, step by step, against every server. <c>$NS</c>, <c>$TAG</c> and captured names are replaced in
/// command and input; words are split at spaces, single quotes keep spaces.
/// </summary>
public sealed record Step(string Name, string Command)
{
    /// <summary>Standard input.</summary>
    public string? Input { get; init; }

    /// <summary>Run by kubectl, whatever the script's tool is: to look at what the tool did.</summary>
    public bool ByKubectl { get; init; }

    /// <summary>The exit code that the real server's answer must lead to.</summary>
    public int ExitCode { get; init; }

    /// <summary>What the output, normalised, must contain: a script that says nothing would agree with itself everywhere.</summary>
    public string Says { get; init; } = "";

    /// <summary>What servers since a release answer instead, where Kubernetes itself changed.</summary>
    public LaterAnswer? Later { get; init; }

    /// <summary>Keeps the output under this name for later steps, instead of comparing it.</summary>
    public string? CaptureAs { get; init; }

    /// <summary>The command watches: these run while it does, and it is ended when it has written <see cref="WatchLines"/> lines.</summary>
    public IReadOnlyList<Step> Meanwhile { get; init; } = [];

    public int WatchLines { get; init; }

    /// <summary>The order of the output's lines is not promised (map order, equal sort keys).</summary>
    public bool SortLines { get; init; }

    /// <summary>Repeats the command until it says what it must: for what controllers do in their own time.</summary>
    public bool Eventually { get; init; }

    /// <summary>Further patterns whose matches are replaced by <c>*</c>: names with random parts, addresses.</summary>
    public string? Mask { get; init; }

    /// <summary>Only these parts of the output are compared: the lines that match.</summary>
    public string? OnlyLines { get; init; }

    /// <summary>What a server of this version must answer.</summary>
    public (int ExitCode, string Says) AnswerOf(string serverVersion) =>
        Later is { } later && ServerVersion.IsSince(serverVersion, later.Since) ? (later.ExitCode, later.Says) : (ExitCode, Says);
}

/// <summary>The answer to a step since a release of Kubernetes, <c>1.21</c> for example.</summary>
public sealed record LaterAnswer(string Since, string Says)
{
    public int ExitCode { get; init; }
}

/// <summary>What a step left on one server, in the form in which servers are compared.</summary>
public sealed record StepOutcome(int ExitCode, string Output)
{
    /// <inheritdoc />
    public override string ToString() => $"exit {ExitCode}\n{Output}";
}

/// <summary>A step whose answer may differ between servers, with the reason. The difference itself is verified: when it goes away, so must the entry.</summary>
public sealed record KnownDifference(string Step, string Reason)
{
    /// <summary>What the embedded server, being of a newer version, must say.</summary>
    public string EmbeddedSays { get; init; } = "";

    public int EmbeddedExitCode { get; init; }

    /// <summary>Set when only this version of the tool shows the difference.</summary>
    public string? Tool { get; init; }

    /// <summary>The first release of Kubernetes whose servers answer as the embedded one; unset for a difference that is intended.</summary>
    public string? Before { get; init; }

    /// <summary>The difference between a server and a tool of these versions, or nothing.</summary>
    public static KnownDifference? Find(IEnumerable<KnownDifference> all, string step, RealTool tool, string serverVersion) =>
        all.SingleOrDefault(one => one.Step == step && (one.Tool ?? tool.Version) == tool.Version
            && (one.Before is null || !ServerVersion.IsSince(serverVersion, one.Before)));
}
