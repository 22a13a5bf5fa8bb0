using System.Text;
using System.Text.Json.Nodes;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Management is a real kube-apiserver with etcd; the managed cluster is a second one, adopted by its kubeconfig. The service is installed by real helm.
/// These servers have no nodes, so the chart has no pods.
/// </summary>
public sealed class RealServersTests
{
    [Fact]
    public async Task A_real_cluster_is_adopted_gets_its_service_and_is_let_go()
    {
        await using var management = await RealApiServer.StartAsync();
        await using var managed = await RealApiServer.StartAsync();
        await using var charts = await HelmHttpRepository.StartAsync();
        await charts.AddAsync(Path.Combine(TestLogs.RepositoryRoot, "tests", "EndToEnd.Tests", "Charts", "settings-only"));
        TestLogs.NoteUsed($"end to end: management and managed cluster {management.Name} {management.Version}");

        await using var fleet = new Installation();
        (await fleet.FleetAsync("up", "--kubeconfig", management.KubeconfigPath)).MustSucceed();
        var kubeconfig = Convert.ToBase64String(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(managed.KubeconfigPath, TestContext.Current.CancellationToken)));
        var manifests = fleet.Write("adopt.yaml", Manifests(kubeconfig, charts.Address));
        (await fleet.KubectlAsync(management.KubeconfigPath, "apply", "-f", manifests)).MustSucceed();

        (await fleet.KubectlAsync(management.KubeconfigPath, "wait", "--for=condition=Ready", "cld/adopted", "-n", "team", "--timeout=300s")).MustSucceed();
        (await fleet.KubectlAsync(management.KubeconfigPath, "wait", "--for=jsonpath={.status.services[0].state}=Deployed", "cld/adopted", "-n", "team", "--timeout=300s")).MustSucceed();
        var release = Assert.Single(JsonNode.Parse((await fleet.HelmAsync(managed.KubeconfigPath, "list", "-A", "-o", "json")).MustSucceed().Out)!.AsArray())!;
        Assert.Equal(("settings", "apps", "deployed"), ((string)release["name"]!, (string)release["namespace"]!, (string)release["status"]!));
        var greeting = await fleet.KubectlAsync(managed.KubeconfigPath, "get", "configmap", "settings-settings", "-n", "apps", "-o", "jsonpath={.data.greeting}");
        Assert.Equal("bonjour", greeting.MustSucceed().Out);

        (await fleet.FleetAsync("delete", "cluster", "adopted", "-n", "team", "--kubeconfig", management.KubeconfigPath, "--timeout", "300")).MustSucceed();
        Assert.Empty(JsonNode.Parse((await fleet.HelmAsync(managed.KubeconfigPath, "list", "-A", "-o", "json")).MustSucceed().Out)!.AsArray());
        // Letting a cluster go is not deleting it.
        (await fleet.KubectlAsync(managed.KubeconfigPath, "get", "namespace", "apps")).MustSucceed();
    }

    private static string Manifests(string kubeconfigBase64, Uri charts) => $$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: team }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: adopted-kubeconfig-source, namespace: team }
        data: { value: {{kubeconfigBase64}} }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: { name: adopted-credential, namespace: team }
        spec:
          identityRef: { apiVersion: v1, kind: Secret, name: adopted-kubeconfig-source, namespace: team }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: { name: charts, namespace: team }
        spec: { url: "{{charts}}", interval: 10m }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: settings-1-2-3, namespace: team }
        spec:
          helm:
            chartSpec:
              chart: settings-only
              version: 1.2.3
              sourceRef: { kind: HelmRepository, name: charts }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: { name: adopted, namespace: team }
        spec:
          template: adopted-cluster-0-1-0
          credential: adopted-credential
          serviceSpec:
            services:
              - name: settings
                namespace: apps
                template: settings-1-2-3
                values: |
                  greeting: bonjour
        """;
}
