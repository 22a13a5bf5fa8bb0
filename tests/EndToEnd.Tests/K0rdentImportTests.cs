using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests;

/// <summary><c>fleet import k0rdent</c> from one API server into another. k0rdent itself does not run here: the objects have the shapes of its API.</summary>
public sealed class K0rdentImportTests
{
    private const string Objects = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: kcm-system}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: aws-keys, namespace: kcm-system, labels: {k0rdent.mirantis.com/component: kcm}}
        stringData: {AccessKeyID: a, SecretAccessKey: b}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: nobodys, namespace: kcm-system}
        stringData: {a: b}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: web-kubeconfig, namespace: kcm-system}
        stringData: {value: "apiVersion: v1"}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: aws-cred, namespace: kcm-system}
        spec: {description: AWS, identityRef: {apiVersion: v1, kind: Secret, name: aws-keys, namespace: kcm-system}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: {name: ingress-nginx-4-11-0, namespace: kcm-system}
        spec: {helm: {chartSpec: {chart: ingress-nginx, version: 4.11.0, interval: 10m0s, sourceRef: {kind: HelmRepository, name: catalog}}}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: web, namespace: kcm-system, labels: {env: prod}}
        spec:
          template: aws-standalone-cp-1-0-16
          credential: aws-cred
          config: {region: us-east-2}
          serviceSpec: {services: [{template: ingress-nginx-4-11-0, name: ingress, namespace: ingress}]}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Release
        metadata: {name: kcm-1-12-0}
        spec: {version: 1.12.0, kcm: {template: kcm-1-12-0}, capi: {template: cluster-api-1-0-0}, providers: []}
        """;

    [Fact]
    public async Task The_other_side_is_only_read_and_what_came_over_may_come_again()
    {
        await using var source = await EmbeddedApiServer.StartAsync();
        await using var target = await EmbeddedApiServer.StartAsync();
        using var folder = new TemporaryFolder("import");
        foreach (var server in new[] { source, target })
            await KubectlAsync(server, ["create", .. new[] { "credentials", "servicetemplates", "clusterdeployments", "releases" }
                .SelectMany(kind => new[] { "-f", Path.Combine(TestLogs.RepositoryRoot, "deploy", "crds", $"k0rdent.mirantis.com_{kind}.yaml") })]);
        await KubectlAsync(source, "wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
        await KubectlAsync(source, "apply", "-f", folder.Write("objects.yaml", Objects));
        var before = await StateAsync(source);

        var shown = (await ImportAsync("--dry-run")).MustSucceed().Out;
        Assert.Matches(@"ClusterDeployment\s+kcm-system\s+web\s+taken changed\s+.*adopted by its kubeconfig", shown);
        Assert.Matches(@"Release\s+kcm-1-12-0\s+not taken", shown);
        Assert.Matches(@"ServiceTemplate\s+kcm-system\s+ingress-nginx-4-11-0\s+taken as is", shown);
        Assert.DoesNotContain("nobodys", shown, StringComparison.Ordinal);
        Assert.Equal("", (await KubectlAsync(target, "get", "credentials,servicetemplates,clusterdeployments", "-A", "-o", "name")).Trim());

        (await ImportAsync()).MustSucceed();
        Assert.Equal("adopted-cluster-0-1-0/web/true/prod", await KubectlAsync(
            target, "get", "cld", "web", "-n", "kcm-system", "-o", "jsonpath={.spec.template}/{.spec.credential}/{.spec.dryRun}/{.metadata.labels.env}"));
        Assert.Equal("apiVersion: v1", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(
            await KubectlAsync(target, "get", "secret", "web-adopted-kubeconfig", "-n", "kcm-system", "-o", "jsonpath={.data.value}"))));
        Assert.Equal("secret/aws-keys secret/web-adopted-kubeconfig", string.Join(' ', (await KubectlAsync(target, "get", "secrets", "-n", "kcm-system", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(name => !name.Contains("token", StringComparison.Ordinal)).Order(StringComparer.Ordinal)));

        var again = (await ImportAsync()).MustSucceed().Out;
        Assert.DoesNotContain(" created\n", again, StringComparison.Ordinal);
        Assert.Contains("clusterdeployment.k0rdent.mirantis.com/web unchanged", again, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync(source));

        Task<ProcessOutput> ImportAsync(params string[] more) => ProcessOutput.RunAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet.dll"), "import", "k0rdent", "--from", source.KubeconfigPath, "--kubeconfig", target.KubeconfigPath, "--template", "adopted-cluster-0-1-0", .. more],
            timeout: TimeSpan.FromMinutes(1), environment: new Dictionary<string, string?> { ["NO_COLOR"] = "1" });
    }

    /// <summary>Names and versions of what was put there; controllers of the server add objects of their own.</summary>
    private static async Task<string> StateAsync(EmbeddedApiServer server)
    {
        const string Versions = "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}";
        return await KubectlAsync(server, "get", "credentials,servicetemplates,clusterdeployments,releases", "-A", "-o", Versions)
            + await KubectlAsync(server, "get", "secret", "aws-keys", "nobodys", "web-kubeconfig", "-n", "kcm-system", "-o", Versions);
    }

    private static async Task<string> KubectlAsync(EmbeddedApiServer server, params string[] arguments) =>
        (await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", server.KubeconfigPath, .. arguments], timeout: TimeSpan.FromMinutes(1))).MustSucceed().Out;
}
