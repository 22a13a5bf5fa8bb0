using Fleet.Testing;

namespace Fleet.Contract.Tests.Transcripts;

/// <summary>Steps and tools as test data, and the judgement of one step: of one server by the script, of two servers by each other.</summary>
internal static class ScriptCheck
{
    public static TheoryData<string, string> Rows(IEnumerable<RealTool> tools, TranscriptSet transcripts)
    {
        var rows = new TheoryData<string, string>();
        foreach (var tool in tools)
        {
            foreach (var step in transcripts.Script)
            {
                rows.Add(tool.Version, step.Name);
            }
        }

        return rows;
    }

    public static async Task SaysAsync(TranscriptSet transcripts, RealTool tool, string server, string step)
    {
        var transcript = await transcripts.OfAsync(tool, server);
        var (exitCode, says) = transcripts.Step(step).AnswerOf(transcript.ServerVersion);
        var outcome = transcript[step];

        Assert.True(outcome.ExitCode == exitCode, $"expected exit code {exitCode}, got {outcome}");
        Assert.Contains(says, outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>The embedded server answers as the real one, or otherwise in the way that is written down for a real one of that version.</summary>
    public static async Task AgreeAsync(
        TranscriptSet transcripts, RealTool tool, string step, IEnumerable<KnownDifference> differences, string realServer = "kube-apiserver", string embeddedServer = "embedded")
    {
        // Each server answers its tool without the other: side by side.
        var (ofReal, ofEmbedded) = (transcripts.OfAsync(tool, realServer), transcripts.OfAsync(tool, embeddedServer));
        var (real, embedded) = (await ofReal, await ofEmbedded);
        Comparison.Check(transcripts.Step(step), real[step], embedded[step], KnownDifference.Find(differences, step, tool, real.ServerVersion));
    }

    public static void AreOfTheScript(IEnumerable<KnownDifference> differences, TranscriptSet transcripts) =>
        Assert.All(differences, difference => Assert.Contains(transcripts.Script, step => step.Name == difference.Step));
}
