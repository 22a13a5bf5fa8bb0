using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Helm.Catalog;
using Fleet.Helm.Releases;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Integration.Tests.Helm;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>
/// A chart of upstream's shape (its value keys, k0s control plane, fixed names of machine templates, a reference in the older form, a library chart) from a
/// HelmRepository that is not the catalog's: it becomes a cluster, and is given the values that upstream would give it.
/// </summary>
public sealed class UpstreamShapeTests
{
    private const string Objects = """
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: upstream, namespace: kcm-system, labels: {k0rdent.mirantis.com/managed: "true"}}
        spec: {url: "URL", interval: 10m}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: {name: k0s-standalone-1-0-1, namespace: kcm-system}
        spec:
          helm:
            chartSpec: {chart: k0s-standalone, version: 1.0.1, interval: 10m, sourceRef: {kind: HelmRepository, name: upstream}}
        ---
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
        metadata: {name: aws, namespace: mon-organisation}
        spec:
          identityRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: AWSClusterStaticIdentity, name: aws-identity}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: shaped, namespace: mon-organisation, labels: {team: blue}}
        spec:
          template: k0s-standalone-1-0-1
          credential: aws
          config: {region: eu-west-3, controlPlaneNumber: 1, workersNumber: 1, controlPlane: {instanceType: t3.small}, worker: {instanceType: t3.small}, clusterIdentity: {name: mine, kind: Other}}
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chart_of_upstreams_shape_becomes_a_cluster_with_the_values_that_upstream_injects()
    {
        await using var repository = await HelmHttpRepository.StartAsync();
        await CatalogFolder.PublishAsync(CatalogSource.UpstreamShape, repository.Folder, Ct);

        await using var management = await ManagementCluster.StartAsync();
        await management.ApplyAsync(Objects.Replace("URL", repository.Address.AbsoluteUri, StringComparison.Ordinal));
        await ManagementCluster.UntilAsync(
            () => management.ClusterAsync("mon-organisation", "shaped"),
            cluster => cluster?.Status?.Conditions?.Find(c => c.Type == SharedConditions.Ready)?.Status == ConditionStatus.True,
            cluster => string.Join('\n', (cluster?.Status?.Conditions ?? []).Select(c => $"{c.Type}={c.Status} {c.Message}")));

        var template = await management.Client.Resource(FleetKinds.ClusterTemplates).GetAsync(new("kcm-system", "k0s-standalone-1-0-1"), Ct);
        Assert.Equal(["bootstrap-k0sproject-k0smotron", "control-plane-k0sproject-k0smotron", "infrastructure-aws"], template!.Status!.Providers!.Order(StringComparer.Ordinal));
        using var helm = new HelmHost(Fleet.Testing.RealParts.Helm3.Version);
        var access = new ClusterAccess(await File.ReadAllTextAsync(management.KubeconfigPath, Ct));
        var values = await helm.Releases.GetValuesAsync(new ReleaseName("mon-organisation", "shaped"), access, all: false, Ct);
        // The identity always comes from the Credential; labels from the ClusterDeployment, where the configuration has none.
        Assert.Equal("""{"apiVersion":"infrastructure.cluster.x-k8s.io/v1beta2","kind":"AWSClusterStaticIdentity","name":"aws-identity"}""", values["clusterIdentity"]!.ToJsonString());
        Assert.Equal("blue", (string?)values["clusterLabels"]!["team"]);
        Assert.False(values.ContainsKey("global"));
        var kind = await management.Client.FindKindAsync(new("controlplane.cluster.x-k8s.io", "v1beta2", "K0sControlPlane"), Ct);
        Assert.NotNull(await management.Client.Dynamic(kind!).GetAsync(new("mon-organisation", "shaped-cp"), Ct));
        await management.Client.Resource(FleetKinds.ClusterDeployments).DeleteAsync(new("mon-organisation", "shaped"), DeleteOptions.Background, Ct);
        await ManagementCluster.UntilAsync(() => management.ClusterAsync("mon-organisation", "shaped"), cluster => cluster is null, cluster => cluster?.Status?.ToString() ?? "gone");
    }
}
