using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>Pools are added to an installation that runs, and taken away again: real helm, a real kube-apiserver, and the real controllers of Deployments.</summary>
public sealed class PoolInstallTests
{
    private const string Namespace = "kcm-system";

    private const string Pools = "stateManager.pools.europe.replicas=2,stateManager.pools.lab.replicas=1,observability.pools.europe.replicas=1";

    private const string Pins = "pins[0].pool=europe,pins[0].region=eu-west";

    [Fact]
    public async Task Pools_come_and_go_and_the_general_replicas_run_on()
    {
        await using var server = await RealApiServer.StartAsync();
        (await HelmAsync(server, "install", "--create-namespace")).MustSucceed();
        await RolledOutAsync("fleet-state-manager", 1);
        var general = await KubectlAsync(server, "get", "pods", "-l", "app.kubernetes.io/component=state-manager", "-o", "jsonpath={.items[*].metadata.uid}");
        Assert.NotEmpty(general);

        // Pins that somebody keeps by hand are theirs, until the values have some: then helm says whose they are.
        await KubectlAsync(server, "create", "configmap", "fleet-pins", "--from-literal=pins.yaml=[]");
        (await HelmAsync(server, "upgrade", "--set", Pools)).MustSucceed();
        foreach (var (name, replicas) in new[] { ("fleet-state-manager", 1), ("fleet-state-manager-europe", 2), ("fleet-state-manager-lab", 1), ("fleet-observability", 1), ("fleet-observability-europe", 1) })
        {
            await RolledOutAsync(name, replicas);
            // Each made its own pods and took none of another's.
            Assert.Equal(replicas, (await PodsAsync(await SelectorAsync("deployment", name, ".spec.selector.matchLabels"))).Length);
            Assert.Equal(replicas, (await PodsAsync(await SelectorAsync("pdb", name, ".spec.selector.matchLabels"))).Length);
        }

        Assert.Equal(general, await KubectlAsync(server, "get", "pods", "-l", await SelectorAsync("deployment", "fleet-state-manager", ".spec.selector.matchLabels"), "-o", "jsonpath={.items[*].metadata.uid}"));
        Assert.Equal(4, (await PodsAsync(await SelectorAsync("service", "fleet-state-manager", ".spec.selector"))).Length);
        Assert.Equal("[]", await KubectlAsync(server, "get", "configmap", "fleet-pins", "-o", "jsonpath={.data.pins\\.yaml}"));
        var refused = await HelmAsync(server, "upgrade", "--set", $"{Pools},{Pins}");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("fleet-pins", refused.Error, StringComparison.Ordinal);
        Assert.Contains("invalid ownership metadata", refused.Error, StringComparison.Ordinal);

        await KubectlAsync(server, "delete", "configmap", "fleet-pins");
        Assert.Contains("No pin names lab:", (await HelmAsync(server, "upgrade", "--set", $"{Pools},{Pins}")).MustSucceed().Out, StringComparison.Ordinal);
        Assert.Contains("region: eu-west", await KubectlAsync(server, "get", "configmap", "fleet-pins", "-o", "jsonpath={.data.pins\\.yaml}"), StringComparison.Ordinal);
        foreach (var service in (string[])["cluster-manager", "state-manager", "observability"])
        {
            foreach (var verb in (string[])["get", "list", "watch"])
            {
                Assert.Equal("yes", await MayAsync(service, verb, "configmaps/fleet-pins"));
                Assert.Equal("yes", await MayAsync(service, verb, "clusterdeployments.k0rdent.mirantis.com"));
            }
        }

        (await HelmAsync(server, "upgrade")).MustSucceed();
        Assert.Equal("", await KubectlAsync(server, "get", "deployments,pdb,configmaps", "-o", "name", "-l", "app.kubernetes.io/name=fleet-pool"));
        Assert.DoesNotContain("fleet-pins", await KubectlAsync(server, "get", "configmaps", "-o", "name"), StringComparison.Ordinal);
        Assert.Equal(general, await KubectlAsync(server, "get", "pods", "-l", await SelectorAsync("service", "fleet-state-manager", ".spec.selector"), "-o", "jsonpath={.items[*].metadata.uid}"));

        Task RolledOutAsync(string deployment, int replicas) => KubectlAsync(server, "wait", $"--for=jsonpath={{.status.replicas}}={replicas}", $"deployment/{deployment}", "--timeout=60s");

        async Task<string> SelectorAsync(string kind, string name, string path) =>
            (await KubectlAsync(server, "get", kind, name, "-o", $"go-template={{{{range $label, $value := {path}}}}}{{{{$label}}}}={{{{$value}}}},{{{{end}}}}")).TrimEnd(',');

        async Task<string[]> PodsAsync(string selector) => (await KubectlAsync(server, "get", "pods", "-l", selector, "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        async Task<string> MayAsync(string service, string verb, string what) =>
            (await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", server.KubeconfigPath, "-n", Namespace, "auth", "can-i", verb, what, "--as", $"system:serviceaccount:{Namespace}:fleet-{service}"])).Out.Trim();
    }

    private static async Task<string> KubectlAsync(RealApiServer server, params string[] arguments) =>
        (await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", server.KubeconfigPath, "-n", Namespace, .. arguments], timeout: TimeSpan.FromMinutes(2))).MustSucceed().Out;

    /// <summary>The webhook stays out: nothing leads from this API server to a Service.</summary>
    private static Task<ProcessOutput> HelmAsync(RealApiServer server, string verb, params string[] arguments) =>
        ProcessOutput.RunAsync(
            RealParts.Helm3.Path,
            [verb, "fleet", Repository.Path("deploy", "helm", "fleet"), "-n", Namespace, "--disable-openapi-validation", "--no-hooks", "--set", "clusterManager.webhook=false,catalog.enabled=false", .. arguments, "--kubeconfig", server.KubeconfigPath],
            timeout: TimeSpan.FromMinutes(2));
}
