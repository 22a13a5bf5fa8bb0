using Fleet.Contract.Tests.Transcripts;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Contract.Tests.NewerServers;

/// <summary>Only on the embedded server: the real one of the tests is 1.20, and these came later.</summary>
public sealed class NewerServerTests
{
    private static readonly TranscriptSet Transcripts = new(NewerServerSteps.All);

    public static TheoryData<string, string> StepsOfEachKubectl() => ScriptCheck.Rows(RealParts.Kubectls, Transcripts);

    public static TheoryData<string> Kubectls => [.. RealParts.Kubectls.Select(tool => tool.Version)];

    [Theory]
    [MemberData(nameof(StepsOfEachKubectl))]
    public Task The_embedded_server_does_what_only_newer_servers_do(string kubectl, string step) =>
        ScriptCheck.SaysAsync(Transcripts, Tool(kubectl), ApiServers.NewerName, step);

    /// <summary>Two calls tell all kinds; older servers need one more for each group and version.</summary>
    [Theory]
    [MemberData(nameof(Kubectls))]
    public async Task Discovery_is_aggregated(string kubectl)
    {
        using var cache = new TemporaryFolder("discovery");
        var server = await EmbeddedApiServer.SecondAsync();
        var output = await ProcessOutput.RunAsync(
            Tool(kubectl).Path, ["api-resources", "-v=6", "--cache-dir", cache.FullPath, "--kubeconfig", server.KubeconfigPath]);

        Assert.Contains("PodDisruptionBudget", output.MustSucceed().Out, StringComparison.Ordinal);
        var calls = output.Error.Split('\n').Where(line => line.Contains("GET", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, calls.Length);
        Assert.Contains(calls, call => call.Contains("/apis?timeout", StringComparison.Ordinal));
    }

    private static RealTool Tool(string version) => RealParts.Kubectls.Single(tool => tool.Version == version);
}
