using Fleet.Contract.Tests.Transcripts;
using Fleet.Testing;

namespace Fleet.Contract.Tests.Helm;

/// <summary>The same helm commands, in the same order, on the real and on the embedded API server.</summary>
public sealed class HelmTests
{
    private static readonly TranscriptSet Transcripts = new(HelmSteps.All, HelmCharts.Files);

    public static TheoryData<string, string> StepsOfEachHelm()
    {
        var rows = new TheoryData<string, string>();
        foreach (var helm in RealParts.Helms)
        {
            foreach (var step in Transcripts.Script)
            {
                rows.Add(helm.Version, step.Name);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(StepsOfEachHelm))]
    public async Task The_real_server_answers_as_the_script_says(string helm, string step)
    {
        var expected = Transcripts.Script.Single(one => one.Name == step);
        var outcome = (await Transcripts.OfAsync(Tool(helm), "kube-apiserver"))[step];

        Assert.True(outcome.ExitCode == expected.ExitCode, $"expected exit code {expected.ExitCode}, got {outcome}");
        Assert.Contains(expected.Says, outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(StepsOfEachHelm))]
    public async Task The_embedded_server_answers_as_the_real_one(string helm, string step) =>
        Comparison.Check(
            Transcripts.Script.Single(one => one.Name == step),
            (await Transcripts.OfAsync(Tool(helm), "kube-apiserver"))[step],
            (await Transcripts.OfAsync(Tool(helm), "embedded"))[step],
            HelmDifferences.All.SingleOrDefault(difference => difference.Step == step && (difference.Tool ?? helm) == helm));

    [Fact]
    public void Every_known_difference_is_of_a_step_that_exists() =>
        Assert.All(HelmDifferences.All, difference => Assert.Contains(Transcripts.Script, step => step.Name == difference.Step));

    private static RealTool Tool(string version) => RealParts.Helms.Single(tool => tool.Version == version);
}
