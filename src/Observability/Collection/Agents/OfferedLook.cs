namespace Fleet.Observability.Collection.Agents;

/// <summary>A look that an agent has sent and that waits for its cluster's turn.</summary>
/// <param name="Look">With times by our clock.</param>
internal sealed record OfferedLook(SeenLook Look)
{
    private readonly TaskCompletionSource<LookVerdict> verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<LookVerdict> Verdict => verdict.Task;

    public void Answer(LookVerdict answer) => verdict.TrySetResult(answer);
}

/// <summary>What became of a look.</summary>
internal enum LookVerdict
{
    /// <summary>It counts, or one of its time or a later one did before.</summary>
    Taken,

    /// <summary>The cluster is not one that its agent looks at.</summary>
    NotByAgent,
}
