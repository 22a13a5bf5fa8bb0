namespace Fleet.Contract.Tests.Transcripts;

/// <summary>The judgement on one step: the same on both servers, or different in the way that is written down.</summary>
internal static class Comparison
{
    public static void Check(Step step, StepOutcome real, StepOutcome embedded, KnownDifference? known)
    {
        if (known is null)
        {
            Assert.True(real == embedded, $"{step.Name}\n--- kube-apiserver, {real}\n--- embedded, {embedded}");
            return;
        }

        Assert.True(real != embedded, $"The servers no longer differ: remove the entry '{known.Step}' ({known.Reason})");
        Assert.True(embedded.ExitCode == known.EmbeddedExitCode, $"{known.Step} ({known.Reason}): expected exit code {known.EmbeddedExitCode}, got {embedded}");
        Assert.Contains(known.EmbeddedSays, embedded.Output, StringComparison.Ordinal);
    }
}
