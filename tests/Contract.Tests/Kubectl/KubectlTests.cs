using Fleet.Contract.Tests.Transcripts;
using Fleet.Testing;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>The same kubectl commands, in the same order, on the real and on the embedded API server.</summary>
public sealed class KubectlTests
{
    private static readonly TranscriptSet Transcripts = new(
        [.. ObjectSteps.All, .. ApplySteps.All, .. WorkloadSteps.All, .. CustomResourceSteps.All, .. AccessSteps.All]);

    public static TheoryData<string, string> StepsOfEachKubectl() => ScriptCheck.Rows(RealParts.Kubectls, Transcripts);

    [Theory]
    [MemberData(nameof(StepsOfEachKubectl))]
    public Task The_real_server_answers_as_the_script_says(string kubectl, string step) =>
        ScriptCheck.SaysAsync(Transcripts, Tool(kubectl), "kube-apiserver", step);

    [Fact]
    public void The_script_has_the_size_that_was_asked_for() => Assert.True(Transcripts.Script.Count >= 60);

    [Theory]
    [MemberData(nameof(StepsOfEachKubectl))]
    public Task The_embedded_server_answers_as_the_real_one(string kubectl, string step) =>
        ScriptCheck.AgreeAsync(Transcripts, Tool(kubectl), step, KubectlDifferences.All);

    [Fact]
    public void Every_known_difference_is_of_a_step_that_exists() => ScriptCheck.AreOfTheScript(KubectlDifferences.All, Transcripts);

    private static RealTool Tool(string version) => RealParts.Kubectls.Single(tool => tool.Version == version);
}
