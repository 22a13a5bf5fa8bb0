using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.ControlPlane.Hosting;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>The life of an adopted cluster on both API servers: credential, dry run, installation, readiness, deletion in order.</summary>
public sealed class AdoptedServersTests
{
    public static TheoryData<string> Servers => [.. ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task A_cluster_waits_for_its_credential_is_tried_dry_becomes_ready_and_goes(string server)
    {
        await using var managed = await ControlPlaneHost.StartAsync(new());
        await using var charts = await HelmHttpRepository.StartAsync();
        await charts.AddAsync(ManagementCluster.RepositoryFile("deploy", "catalog", "charts", "adopted-cluster"));
        await using var environment = await TemplateEnvironment.StartAsync(server);
        await environment.ApplyAsync(await File.ReadAllTextAsync(ManagementCluster.RepositoryFile("deploy", "crds-foreign", "lib.projectsveltos.io_sveltosclusters.yaml"), TestContext.Current.CancellationToken));
        await environment.ApplyAsync(Manifests(charts.Address));

        // Nothing of it is there yet, in the order of the least luck.
        var waiting = await UntilAsync(environment, cluster => Says(cluster, "CredentialReady", "False"));
        Assert.Contains("access", (string?)Condition(waiting, "CredentialReady")!["message"]!, StringComparison.Ordinal);
        await environment.UntilAsync(FleetKinds.Credentials.Kind, "team-a", "access", credential => Says(credential, "CredentialReady", "False"));

        await environment.ApplyAsync(Access(await File.ReadAllTextAsync(managed.KubeconfigPath, TestContext.Current.CancellationToken)));
        await environment.UntilAsync(FleetKinds.Credentials.Kind, "team-a", "access", credential => (bool?)credential?.At("status", "ready") == true);
        await UntilAsync(environment, cluster => Says(cluster, "Ready", "True") && ((string?)Condition(cluster, "Ready")!["message"])!.StartsWith("Dry run", StringComparison.Ordinal));
        Assert.Empty(await RecordsAsync(environment));

        await environment.Client.Dynamic(FleetKinds.ClusterDeployments.Kind).PatchAsync(
            new("team-a", "one"), Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"dryRun":false}}""")!), PatchOptions.Default, CancellationToken.None);
        var ready = await UntilAsync(environment, cluster => Says(cluster, "Ready", "True") && Says(cluster, "HelmReleaseReady", "True"));
        Assert.True(Says(ready, "ClusterReachable", "True"));
        Assert.Equal("deployed", Assert.Single(await RecordsAsync(environment)).Metadata.Labels!["status"]);

        await environment.DeleteAsync(FleetKinds.ClusterDeployments.Kind, "team-a", "one");
        await UntilAsync(environment, cluster => cluster is null);
        Assert.Empty(await RecordsAsync(environment));
        // The published kubeconfig is the cluster's; the Secret that it came from is the user's.
        await environment.UntilAsync(CoreKinds.Secrets, "team-a", "one-kubeconfig", secret => secret is null);
        Assert.NotNull(await environment.GetAsync(CoreKinds.Secrets, "team-a", "access"));
    }

    private static Task<DynamicObject?> UntilAsync(TemplateEnvironment environment, Func<DynamicObject?, bool> isRight) =>
        environment.UntilAsync(FleetKinds.ClusterDeployments.Kind, "team-a", "one", isRight);

    private static JsonObject? Condition(DynamicObject? item, string type) =>
        (item?.At("status", "conditions") as JsonArray)?.OfType<JsonObject>().FirstOrDefault(condition => (string?)condition["type"] == type);

    private static bool Says(DynamicObject? item, string type, string status) => (string?)Condition(item, type)?["status"] == status;

    private static async Task<IReadOnlyList<DynamicObject>> RecordsAsync(TemplateEnvironment environment) =>
        (await environment.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = "team-a", LabelSelector = "owner=helm" }, CancellationToken.None)).Items;

    private static string Access(string kubeconfig) =>
        "apiVersion: v1\nkind: Secret\nmetadata: { name: access, namespace: team-a }\ndata: { value: " + Convert.ToBase64String(Encoding.UTF8.GetBytes(kubeconfig)) + " }\n";

    private static string Manifests(Uri charts) => $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: { name: one, namespace: team-a }
        spec: { template: adopted, credential: access, dryRun: true }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: { name: access, namespace: team-a }
        spec: { identityRef: { apiVersion: v1, kind: Secret, name: access, namespace: team-a } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: { name: adopted, namespace: team-a }
        spec:
          helm:
            chartSpec:
              chart: adopted-cluster
              version: 0.1.0
              sourceRef: { kind: HelmRepository, name: charts }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: { name: charts, namespace: team-a }
        spec: { url: "{{charts}}", interval: 10m }
        """;
}
