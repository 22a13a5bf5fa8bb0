using Fleet.Contract.Tests.Transcripts;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Contract.Tests.NewerServers;

/// <summary>
/// What came after the kube-apiserver that the tests build: on the embedded server, and on the real one of <c>KUBEBUILDER_ASSETS</c> where it is new
/// enough. Then the two must agree as well.
/// </summary>
public sealed class NewerServerTests
{
    // Of all that the script uses, watches that begin with what exists came last to be on by default in every later server.
    private const string FirstRelease = "1.34";

    private static readonly TranscriptSet Transcripts = new([.. NewerServerSteps.All, .. RefusalSteps.All]);

    public static TheoryData<string, string> StepsOfEachKubectl() => ScriptCheck.Rows(RealParts.Kubectls, Transcripts);

    public static async Task<TheoryData<string, string>> ServersOfEachKubectl()
    {
        var rows = new TheoryData<string, string>();
        foreach (var kubectl in RealParts.Kubectls)
        {
            rows.Add(kubectl.Version, ApiServers.SecondEmbedded);
            if (await RealIsNewAsync())
            {
                rows.Add(kubectl.Version, ApiServers.SecondReal);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(StepsOfEachKubectl))]
    public async Task The_embedded_server_does_what_newer_servers_do(string kubectl, string step)
    {
        await ScriptCheck.SaysAsync(Transcripts, Tool(kubectl), ApiServers.SecondEmbedded, step);
        if (await RealIsNewAsync())
        {
            await ScriptCheck.SaysAsync(Transcripts, Tool(kubectl), ApiServers.SecondReal, step);
            await ScriptCheck.AgreeAsync(Transcripts, Tool(kubectl), step, NewerServerDifferences.All, ApiServers.SecondReal, ApiServers.SecondEmbedded);
        }
    }

    [Fact]
    public void Every_known_difference_is_of_a_step_that_exists() => ScriptCheck.AreOfTheScript(NewerServerDifferences.All, Transcripts);

    /// <summary>Two calls tell all kinds; older servers need one more for each group and version.</summary>
    [Theory]
    [MemberData(nameof(ServersOfEachKubectl))]
    public async Task Discovery_is_aggregated(string kubectl, string server)
    {
        using var cache = new TemporaryFolder("discovery");
        var fixture = await ApiServers.SharedAsync(server);
        var output = await ProcessOutput.RunAsync(
            Tool(kubectl).Path, ["api-resources", "-v=6", "--cache-dir", cache.FullPath, "--kubeconfig", fixture.KubeconfigPath]);

        Assert.Contains("PodDisruptionBudget", output.MustSucceed().Out, StringComparison.Ordinal);
        var calls = output.Error.Split('\n').Where(line => line.Contains("GET", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, calls.Length);
        Assert.Contains(calls, call => call.Contains("/apis?timeout", StringComparison.Ordinal));
    }

    private static async Task<bool> RealIsNewAsync() =>
        RealParts.KubebuilderAssets is not null && ServerVersion.IsSince(await RealParts.KubeApiServerVersionAsync(), FirstRelease);

    private static RealTool Tool(string version) => RealParts.Kubectls.Single(tool => tool.Version == version);
}
