using Fleet.Testing;

namespace Fleet.Contract.Tests.Transcripts;

/// <summary>Steps and tools as test data, and the judgement of one step where there is no other server to compare with.</summary>
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
        var expected = transcripts.Script.Single(one => one.Name == step);
        var outcome = (await transcripts.OfAsync(tool, server))[step];

        Assert.True(outcome.ExitCode == expected.ExitCode, $"expected exit code {expected.ExitCode}, got {outcome}");
        Assert.Contains(expected.Says, outcome.Output, StringComparison.Ordinal);
    }
}
