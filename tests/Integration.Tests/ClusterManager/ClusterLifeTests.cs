using System.Text.Json.Nodes;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Integration.Tests.ClusterManager;

public class ClusterLifeTests
{
    private const string Identity = """
        apiVersion: v1
        kind: Secret
        metadata: {name: aws-secret, namespace: kcm-system}
        stringData: {AccessKeyID: AKIAEXAMPLE, SecretAccessKey: not-a-real-key}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSClusterStaticIdentity
        metadata: {name: aws-identity}
        spec: {secretRef: aws-secret, allowedNamespaces: {}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: aws-credential, namespace: mon-organisation}
        spec:
          identityRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: AWSClusterStaticIdentity, name: aws-identity}
        """;

    private static readonly ObjectKey Web = new("mon-organisation", "mon-cluster-web");

    [Fact]
    public async Task The_sample_becomes_ready_although_it_came_first_and_goes_away_again()
    {
        await using var management = await ManagementCluster.StartAsync();
        await management.ApplyAsync(await File.ReadAllTextAsync(ManagementCluster.RepositoryFile("deploy", "samples", "clusterdeployment.yaml")));
        await UntilAsync(management, cluster => Message(cluster).Contains("ClusterTemplate aws-standalone-cp-0-1-0 not found", StringComparison.Ordinal));

        await management.ServeCatalogAsync();
        await UntilAsync(management, cluster => Message(cluster).Contains("Credential", StringComparison.Ordinal));
        await management.ApplyAsync(Identity);
        var ready = await UntilAsync(management, cluster => Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True);
        Assert.All(
            (ConditionType[])[
                ClusterDeploymentConditions.TemplateReady, ClusterDeploymentConditions.CredentialReady, ClusterDeploymentConditions.HelmChartReady,
                ClusterDeploymentConditions.HelmReleaseReady, ClusterDeploymentConditions.CapiClusterSummary, ClusterDeploymentConditions.ClusterReachable,
            ],
            type => Assert.Equal(ConditionStatus.True, Condition(ready, type)?.Status));
        Assert.StartsWith("v1.", ready!.Status!.K8sVersion, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = management.Api };
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("fleet_cluster_nodes{cluster=\"mon-cluster-web\",namespace=\"mon-organisation\",ready=\"true\"} 5\n", metrics, StringComparison.Ordinal);
        Assert.Contains("fleet_cluster_nodes{cluster=\"mon-cluster-web\",namespace=\"mon-organisation\",ready=\"false\"} 0\n", metrics, StringComparison.Ordinal);
        // The spec is the user's: nothing was written into it.
        Assert.Null(ready.Spec.Config);
        var set = await management.Client.Resource(FleetKinds.ServiceSets).GetAsync(Web, CancellationToken.None);
        Assert.Equal("simple-nginx-template-1.0.0", Assert.Single(set!.Spec.Services!).Template);
        var capi = await management.Client.FindKindAsync(new("cluster.x-k8s.io", "v1beta2", "Cluster"), CancellationToken.None);
        var labelled = await management.Client.Dynamic(capi!).ListAsync(
            new() { Namespace = Web.Namespace, LabelSelector = "helm.toolkit.fluxcd.io/name=mon-cluster-web" }, CancellationToken.None);
        Assert.Single(labelled.Items);

        // A ClusterManager that starts anew finds everything as it should be and changes nothing.
        await management.StopManagerAsync();
        var before = await ReleasesAsync(management);
        await management.StartManagerAsync();
        await management.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(Web, DeleteOptions.Background, CancellationToken.None);
        Assert.Equal(1, before);
        await UntilAsync(management, cluster => cluster is null);
        Assert.Equal(0, await ReleasesAsync(management));
        Assert.Empty((await management.Client.Dynamic(capi!).ListAsync(new() { Namespace = Web.Namespace }, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task An_install_that_was_killed_is_taken_up_again_and_a_steady_cluster_runs_no_helm()
    {
        await using var management = await ManagementCluster.StartAsync();
        await management.ServeCatalogAsync();
        await management.ApplyAsync(Identity);
        await management.ApplyAsync(await File.ReadAllTextAsync(ManagementCluster.RepositoryFile("deploy", "samples", "clusterdeployment.yaml")));
        await UntilAsync(management, cluster => Condition(cluster, SharedConditions.Ready)?.Status == ConditionStatus.True);
        await management.StopManagerAsync();

        // What a killed `helm install` leaves behind: a first revision that is pending for ever.
        var record = Assert.Single(await RecordsAsync(management));
        await management.Client.Dynamic(CoreKinds.Secrets).UpdateAsync(ReleaseRecordText.Pending(record), CancellationToken.None);
        await management.StartManagerAsync();
        var records = await ManagementCluster.UntilAsync(
            () => RecordsAsync(management),
            seen => seen.Any(secret => secret.Metadata.Labels!["status"] == "deployed"),
            seen => string.Join(", ", seen.Select(secret => $"{secret.Key.Name} {secret.Metadata.Labels!["status"]}")));

        // Only the services change: the ServiceSet follows, helm has nothing to do.
        await management.Client.Resource(FleetKinds.ClusterDeployments).PatchAsync(
            Web, Patch.Merge((JsonObject)JsonNode.Parse("""{"spec":{"serviceSpec":{"services":[]}}}""")!), PatchOptions.Default, CancellationToken.None);
        await ManagementCluster.UntilAsync(
            () => management.Client.Resource(FleetKinds.ServiceSets).GetAsync(Web, CancellationToken.None),
            set => set?.Spec.Services is null or { Count: 0 },
            set => set?.Spec.ToString() ?? "none");
        Assert.Equal(records.Select(secret => secret.Key.Name), (await RecordsAsync(management)).Select(secret => secret.Key.Name));
    }

    [Fact]
    public async Task A_credential_names_the_key_that_is_missing_and_never_a_value()
    {
        await using var management = await ManagementCluster.StartAsync();
        await management.ApplyAsync(Identity.Replace(", SecretAccessKey: not-a-real-key", "", StringComparison.Ordinal));
        var credential = await ManagementCluster.UntilAsync(
            () => management.Client.Resource(FleetKinds.Credentials).GetAsync(new("mon-organisation", "aws-credential"), CancellationToken.None),
            seen => seen?.Status?.Conditions is { Count: > 0 },
            seen => seen?.Status?.ToString() ?? "nothing");
        Assert.False(credential!.Status!.Ready);
        Assert.Equal("Secret kcm-system/aws-secret: key SecretAccessKey is missing or empty", credential.Status.Conditions![0].Message);

        // The Secret is completed: nobody has to touch the Credential.
        await management.ApplyAsync(Identity);
        await ManagementCluster.UntilAsync(
            () => management.Client.Resource(FleetKinds.Credentials).GetAsync(new("mon-organisation", "aws-credential"), CancellationToken.None),
            seen => seen?.Status?.Ready == true,
            seen => seen?.Status?.ToString() ?? "nothing");
    }

    private static Task<CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>?> UntilAsync(
        ManagementCluster management, Func<CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>?, bool> isRight) =>
        ManagementCluster.UntilAsync(() => management.ClusterAsync(Web.Namespace, Web.Name), isRight, Describe);

    private static string Describe(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>? cluster) =>
        cluster is null ? "no such object" : string.Join("\n", (cluster.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}"));

    private static string Message(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>? cluster) => Condition(cluster, SharedConditions.Ready)?.Message ?? "";

    private static Condition? Condition(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>? cluster, ConditionType type) =>
        cluster?.Status?.Conditions?.Find(condition => condition.Type == type);

    private static async Task<int> ReleasesAsync(ManagementCluster management) => (await RecordsAsync(management)).Count;

    private static async Task<IReadOnlyList<DynamicObject>> RecordsAsync(ManagementCluster management) =>
        (await management.Client.Dynamic(CoreKinds.Secrets).ListAsync(new() { Namespace = Web.Namespace, LabelSelector = "owner=helm" }, CancellationToken.None)).Items;
}
