using System.Text;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>Adopted clusters come with kubeconfigs that Fleet did not make: wrong, expired, or for a server that is away.</summary>
public sealed class AdoptedClusterFaultTests(FaultFleet fleet) : IClassFixture<FaultFleet>
{
    private const string Settings = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: {{ .Release.Name }} }
        data: { text: {{ .Values.text | quote }} }
        """;

    [Theory]
    [InlineData("garbled", "{{{ not YAML")]
    [InlineData("no-context", "apiVersion: v1\nkind: Config\n")]
    [InlineData("starts-programs", "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [/tmp/never]}}}]\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n")]
    public async Task An_invalid_kubeconfig_is_named_and_a_good_one_is_used_at_once(string team, string kubeconfig)
    {
        var server = await RealApiServer.SharedAsync();
        await fleet.ApplyAsync(await ManifestsAsync(team, kubeconfig));
        var seen = await fleet.UntilAsync("ClusterDeployment", team, "one", o => o.Tells("ClusterReachable", "kubeconfig"));
        Assert.Equal("KubeconfigInvalid", (string?)seen.Condition("ClusterReachable")!["reason"]);
        Assert.True(seen.Is("Ready", "False"));

        await fleet.ApplyAsync(Access(team, await File.ReadAllTextAsync(server.KubeconfigPath, TestContext.Current.CancellationToken)));
        await ConvergedAsync(team);
        await fleet.Fleet.FleetAsync("delete", "cluster", "one", "-n", team, "--timeout", "60");
    }

    [Fact]
    public async Task An_expired_certificate_is_said_so_and_a_renewed_one_is_used_at_once()
    {
        var server = await RealApiServer.SharedAsync();
        var expired = server.WriteKubeconfig("admin", ["system:masters"], TimeSpan.FromMinutes(-1));
        await fleet.ApplyAsync(await ManifestsAsync("expired", await File.ReadAllTextAsync(expired, TestContext.Current.CancellationToken)));
        await fleet.UntilAsync("ClusterDeployment", "expired", "one", o => o.Tells("ClusterReachable", "expired"));

        var renewed = server.WriteKubeconfig("admin", ["system:masters"], TimeSpan.FromHours(1));
        await fleet.ApplyAsync(Access("expired", await File.ReadAllTextAsync(renewed, TestContext.Current.CancellationToken)));
        await ConvergedAsync("expired");
    }

    [Fact]
    public async Task A_cluster_that_is_down_is_named_holds_up_nobody_and_goes_on_when_it_is_back()
    {
        await using var server = await RealApiServer.StartAsync(withControllers: false);
        TestLogs.NoteUsed($"adopted cluster that goes down: {server.Name} {server.Version}");
        await fleet.ApplyAsync(await ManifestsAsync("down", await File.ReadAllTextAsync(server.KubeconfigPath, TestContext.Current.CancellationToken)));
        await ConvergedAsync("down");

        await server.KillAsync();
        // What is asked of it meanwhile is done when it is back; what runs counts as running until somebody has seen otherwise.
        await fleet.ApplyAsync(Cluster("down", "text: changed"));
        await fleet.UntilAsync("ClusterDeployment", "down", "one", o => o.Tells("ClusterReachable", "127.0.0.1") && o.Is("Ready", "False"), seconds: 120);

        await fleet.ApplyAsync(FaultFleet.Team("beside-down") + FaultFleet.Cluster("beside-down"));
        await fleet.ReadyAsync("beside-down");

        await server.StartAgainAsync();
        await fleet.UntilAsync("ClusterDeployment", "down", "one", o => o.Is("Ready", "True"), seconds: 120);
        await FaultFleet.UntilAsync(async () =>
            (await fleet.Fleet.KubectlAsync(server.KubeconfigPath, "get", "configmap", "settings", "-n", "down", "-o", "jsonpath={.data.text}")).Out == "changed",
            "the change has reached the cluster", seconds: 180);
    }

    private Task ConvergedAsync(string team) =>
        fleet.UntilAsync("ClusterDeployment", team, "one", o => o.Is("Ready", "True") && o.State("settings") == "Deployed", seconds: 120);

    private async Task<string> ManifestsAsync(string team, string kubeconfig)
    {
        await fleet.PublishAsync("settings", "1.0.0", Settings, "text: first");
        return $$"""
            apiVersion: v1
            kind: Namespace
            metadata: { name: {{team}} }
            ---
            {{Access(team, kubeconfig)}}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: { name: access, namespace: {{team}} }
            spec: { identityRef: { apiVersion: v1, kind: Secret, name: access, namespace: {{team}} } }
            ---
            {{fleet.RepositoryObject(team)}}
            {{FaultFleet.ServiceTemplate(team, "settings", "1.0.0")}}
            {{Cluster(team, "text: first")}}
            """;
    }

    private static string Access(string team, string kubeconfig) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: access, namespace: {{team}} }
        data: { value: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig))}} }
        """;

    private static string Cluster(string team, string values) => FaultFleet.Cluster(
        team, $"{{ name: settings, namespace: {team}, template: settings-1-0-0, values: \"{values}\" }}", template: "adopted-cluster-0-1-0", credential: "access");
}
