using Fleet.Contract.Tests.Transcripts;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.Contract.Tests.Simulated;

/// <summary>Every kubectl and helm on a simulated cluster, in which, unlike beside the real API server, pods run.</summary>
public sealed class SimulatedTests
{
    private static readonly TranscriptSet Kubectl = new(SimulatedKubectlSteps.All);
    private static readonly TranscriptSet Helm = new(SimulatedHelmSteps.All, SimulatedHelmSteps.Files);

    public static TheoryData<string, string> StepsOfEachKubectl() => ScriptCheck.Rows(RealParts.Kubectls, Kubectl);

    public static TheoryData<string, string> StepsOfEachHelm() => ScriptCheck.Rows(RealParts.Helms, Helm);

    [Theory]
    [MemberData(nameof(StepsOfEachKubectl))]
    public Task Kubectl_finds_workloads_that_run(string kubectl, string step) =>
        ScriptCheck.SaysAsync(Kubectl, RealParts.Kubectls.Single(tool => tool.Version == kubectl), SimulatedCluster.ServerName, step);

    [Theory]
    [MemberData(nameof(StepsOfEachHelm))]
    public Task Helm_waits_until_workloads_are_ready(string helm, string step) =>
        ScriptCheck.SaysAsync(Helm, RealParts.Helms.Single(tool => tool.Version == helm), SimulatedCluster.ServerName, step);
}
