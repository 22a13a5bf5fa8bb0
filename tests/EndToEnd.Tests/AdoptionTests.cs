using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary><c>fleet adopt</c>, of a real kube-apiserver.</summary>
public sealed class AdoptionTests(FaultFleet fleet) : IClassFixture<FaultFleet>
{
    [Fact]
    public async Task A_cluster_that_exists_is_adopted_let_go_and_as_it_was()
    {
        var server = await RealApiServer.SharedAsync();
        await TeamAsync("adopt");
        (await fleet.Fleet.KubectlAsync(server.KubeconfigPath, "create", "namespace", "was-there")).MustSucceed();
        var adopted = (await AdoptAsync("adopt", server.KubeconfigPath)).MustSucceed().Out;
        Assert.Contains("clusterdeployment.k0rdent.mirantis.com/old created", adopted, StringComparison.Ordinal);
        Assert.Contains("✓ Ready", adopted, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", adopted, StringComparison.Ordinal);
        Assert.Matches($@"adopt\s+old\s+True.*{Regex.Escape(server.Version)}", (await fleet.Fleet.FleetAsync("get", "clusters", "-n", "adopt")).MustSucceed().Out);

        // Again, with a new kubeconfig: the same cluster.
        var renewed = (await AdoptAsync("adopt", server.WriteKubeconfig("admin", ["system:masters"], TimeSpan.FromHours(1)))).MustSucceed().Out;
        Assert.DoesNotContain("clusterdeployment", renewed, StringComparison.Ordinal);

        (await fleet.Fleet.FleetAsync("delete", "cluster", "old", "-n", "adopt", "--timeout", "60")).MustSucceed();
        (await fleet.Fleet.KubectlAsync(server.KubeconfigPath, "get", "namespace", "was-there")).MustSucceed();
    }

    [Fact]
    public async Task A_kubeconfig_that_starts_a_program_needs_a_service_account_and_gets_it()
    {
        var server = await RealApiServer.SharedAsync();
        await TeamAsync("account");
        var authority = await PartAsync(server, "clusters[0].cluster.certificate-authority-data");
        var status = new JsonObject
        {
            ["clientCertificateData"] = Encoding.UTF8.GetString(Convert.FromBase64String(await PartAsync(server, "users[0].user.client-certificate-data"))),
            ["clientKeyData"] = Encoding.UTF8.GetString(Convert.FromBase64String(await PartAsync(server, "users[0].user.client-key-data"))),
        };
        var program = fleet.Fleet.Write("print-credential", $$"""
            #!/bin/sh
            cat <<'END'
            {{new JsonObject { ["apiVersion"] = "client.authentication.k8s.io/v1", ["kind"] = "ExecCredential", ["status"] = status }.ToJsonString()}}
            END
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var kubeconfig = fleet.Fleet.Write("exec.kubeconfig", $$"""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "{{server.Server}}", certificate-authority-data: {{authority}} } }]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: {{program}}, interactiveMode: Never} } }]
            contexts: [{name: c, context: {cluster: c, user: u} }]
            """);

        var refused = await AdoptAsync("account", kubeconfig);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("starts a program", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--service-account", refused.Error, StringComparison.Ordinal);
        Assert.Equal("", (await fleet.Fleet.KubectlAsync(fleet.Fleet.Kubeconfig, "get", "secrets,credentials,cld", "-n", "account", "-o", "name")).MustSucceed().Out);

        var adopted = (await AdoptAsync("account", kubeconfig, "--service-account")).MustSucceed().Out;
        Assert.Contains("✓ Ready", adopted, StringComparison.Ordinal);
        var stored = (await fleet.Fleet.FleetAsync("kubeconfig", "old", "-n", "account")).MustSucceed().Out;
        Assert.DoesNotContain("exec", stored, StringComparison.Ordinal);
        var token = (string)KubernetesYaml.Parse(stored)!["users"]![0]!["user"]!["token"]!;
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        Assert.Equal("system:serviceaccount:kube-system:fleet-manager", (string?)claims["sub"]);
    }

    [Fact]
    public async Task What_answers_not_or_is_no_cluster_of_its_own_is_refused_before_anything_is_written()
    {
        await TeamAsync("refused");
        var away = fleet.Fleet.Write("away.kubeconfig", """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: u, user: {token: not-a-token-to-print}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            """);
        var refused = await AdoptAsync("refused", away);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("127.0.0.1:1", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not-a-token-to-print", refused.Out + refused.Error, StringComparison.Ordinal);
        Assert.Contains("there is no context \"prod\"", (await AdoptAsync("refused", away, "--from-context", "prod")).Error, StringComparison.Ordinal);
        Assert.Equal("", (await fleet.Fleet.KubectlAsync(fleet.Fleet.Kubeconfig, "get", "secrets,credentials,cld", "-n", "refused", "-o", "name")).MustSucceed().Out);
    }

    private async Task<string> PartAsync(RealApiServer server, string path) =>
        (await fleet.Fleet.KubectlAsync(server.KubeconfigPath, "config", "view", "--raw", "--minify", "-o", $"jsonpath={{.{path}}}")).MustSucceed().Out;

    private Task TeamAsync(string name) => fleet.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}");

    private Task<ProcessOutput> AdoptAsync(string team, string kubeconfig, params string[] more) =>
        fleet.Fleet.FleetAsync(["adopt", "old", "-n", team, "--from", kubeconfig, .. more]);
}
