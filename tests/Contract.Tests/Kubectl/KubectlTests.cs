using Fleet.Contract.Tests.Transcripts;
using Fleet.Testing;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>The same kubectl commands, in the same order, on the real and on the embedded API server.</summary>
public sealed class KubectlTests
{
    private static readonly TranscriptSet Transcripts = new(
        [.. ObjectSteps.All, .. ApplySteps.All, .. WorkloadSteps.All, .. CustomResourceSteps.All, .. AccessSteps.All]);

    public static TheoryData<string, string> StepsOfEachKubectl()
    {
        var rows = new TheoryData<string, string>();
        foreach (var kubectl in RealParts.Kubectls)
        {
            foreach (var step in Transcripts.Script)
            {
                rows.Add(kubectl.Version, step.Name);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(StepsOfEachKubectl))]
    public async Task The_real_server_answers_as_the_script_says(string kubectl, string step)
    {
        var expected = Transcripts.Script.Single(one => one.Name == step);
        var outcome = (await Transcripts.OfAsync(Tool(kubectl), "kube-apiserver"))[step];

        Assert.True(outcome.ExitCode == expected.ExitCode, $"expected exit code {expected.ExitCode}, got {outcome}");
        Assert.Contains(expected.Says, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_has_the_size_that_was_asked_for() => Assert.True(Transcripts.Script.Count >= 60);

    [Theory]
    [MemberData(nameof(StepsOfEachKubectl))]
    public async Task The_embedded_server_answers_as_the_real_one(string kubectl, string step) =>
        Comparison.Check(
            Transcripts.Script.Single(one => one.Name == step),
            (await Transcripts.OfAsync(Tool(kubectl), "kube-apiserver"))[step],
            (await Transcripts.OfAsync(Tool(kubectl), "embedded"))[step],
            KubectlDifferences.All.SingleOrDefault(difference => difference.Step == step && (difference.Tool ?? kubectl) == kubectl));

    [Fact]
    public void Every_known_difference_is_of_a_step_that_exists() =>
        Assert.All(KubectlDifferences.All, difference => Assert.Contains(Transcripts.Script, step => step.Name == difference.Step));

    private static RealTool Tool(string version) => RealParts.Kubectls.Single(tool => tool.Version == version);
}
