using Fleet.Contract.Tests.Transcripts;
using Fleet.Testing;

namespace Fleet.Contract.Tests.Helm;

/// <summary>The same helm commands, in the same order, on the real and on the embedded API server.</summary>
public sealed class HelmTests
{
    private static readonly TranscriptSet Transcripts = new(HelmSteps.All, HelmCharts.Files);

    public static TheoryData<string, string> StepsOfEachHelm() => ScriptCheck.Rows(RealParts.Helms, Transcripts);

    [Theory]
    [MemberData(nameof(StepsOfEachHelm))]
    public Task The_real_server_answers_as_the_script_says(string helm, string step) =>
        ScriptCheck.SaysAsync(Transcripts, Tool(helm), "kube-apiserver", step);

    [Theory]
    [MemberData(nameof(StepsOfEachHelm))]
    public Task The_embedded_server_answers_as_the_real_one(string helm, string step) =>
        ScriptCheck.AgreeAsync(Transcripts, Tool(helm), step, HelmDifferences.All);

    [Fact]
    public void Every_known_difference_is_of_a_step_that_exists() => ScriptCheck.AreOfTheScript(HelmDifferences.All, Transcripts);

    private static RealTool Tool(string version) => RealParts.Helms.Single(tool => tool.Version == version);
}
