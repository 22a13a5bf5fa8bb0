using System.Text.Json.Nodes;
using Fleet.Backup.Moves;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Backup.Tests.Moves;

public sealed class MoveSetTests
{
    private const string Namespace = """
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: web, uid: u1}
        spec:
          template: aws-33
          credential: aws
          serviceSpec: {services: [{name: nginx, template: nginx-1, templateChain: nginx}]}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: shop, uid: u2}
        spec: {template: aws-33, credential: aws}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceSet
        metadata: {name: of-many-4711, uid: u3}
        spec: {cluster: web}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceSet
        metadata: {name: shop, uid: u4}
        spec: {cluster: shop}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Cluster
        metadata: {name: web, uid: u5, annotations: {meta.helm.sh/release-name: web}}
        ---
        apiVersion: controlplane.cluster.x-k8s.io/v1beta2
        kind: KubeadmControlPlane
        metadata: {name: cp, uid: u6, ownerReferences: [{apiVersion: cluster.x-k8s.io/v1beta2, kind: Cluster, name: web, uid: u5}]}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSMachine
        metadata: {name: cp-1, uid: u8, ownerReferences: [{apiVersion: cluster.x-k8s.io/v1beta2, kind: Machine, name: cp-1, uid: u7}]}
        ---
        apiVersion: cluster.x-k8s.io/v1beta2
        kind: Machine
        metadata: {name: cp-1, uid: u7, ownerReferences: [{apiVersion: controlplane.cluster.x-k8s.io/v1beta2, kind: KubeadmControlPlane, name: cp, uid: u6}]}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: web-kubeconfig, uid: u9, labels: {cluster.x-k8s.io/cluster-name: web}}
        ---
        apiVersion: v1
        kind: Secret
        type: helm.sh/release.v1
        metadata: {name: sh.helm.release.v1.web.v1, uid: u10, labels: {owner: helm, name: web}}
        ---
        apiVersion: v1
        kind: Secret
        type: helm.sh/release.v1
        metadata: {name: sh.helm.release.v1.shop.v1, uid: u11, labels: {owner: helm, name: shop}}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: of-nobody, uid: u12}
        """;

    private static IReadOnlyList<MovedObject> All { get; } = [.. KubernetesYaml.ReadAll(Namespace).Select(Of)];

    [Fact]
    public void A_cluster_owns_what_is_named_for_it_and_what_that_owns_in_any_order() => Assert.Equal(
        ["u1", "u10", "u3", "u5", "u6", "u7", "u8", "u9"], MoveSet.Own(All, "web").Select(item => item.Object.Metadata.Uid!).Order(StringComparer.Ordinal));

    [Fact]
    public void A_cluster_that_is_not_there_owns_nothing() => Assert.Empty(MoveSet.Own(All, "we"));

    [Fact]
    public void What_a_cluster_names_without_a_kind_is_known_by_its_field() => Assert.Equal(
        [("ClusterTemplate", "aws-33"), ("Credential", "aws"), ("ServiceTemplate", "nginx-1"), ("ServiceTemplateChain", "nginx")],
        MoveSet.Named(All[0]).Order());

    [Fact]
    public void A_template_names_its_source() => Assert.Equal([("HelmRepository", "charts")], MoveSet.Named(Of(KubernetesYaml.Parse("""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: {name: nginx-1}
        spec: {helm: {chartSpec: {chart: nginx, sourceRef: {kind: HelmRepository, name: charts}}}}
        """)!.AsObject())));

    [Fact]
    public void The_source_lets_go_of_the_cluster_first_and_of_the_records_that_know_of_the_move_last() => Assert.Equal(
        ["ClusterDeployment", "ServiceSet", "Cluster", "Secret", "Secret"],
        MoveSet.Own(All, "web").Where(item => item.Kind.Kind is not ("KubeadmControlPlane" or "Machine" or "AWSMachine")).OrderBy(MoveSet.LetGoOrder).Select(item => item.Kind.Kind));

    [Theory]
    [InlineData("{k0rdent.mirantis.com/paused: 'true', k0rdent.mirantis.com/paused-for-move: id}", false)]
    [InlineData("{k0rdent.mirantis.com/service-set-paused: 'true', k0rdent.mirantis.com/paused-with-cluster: 'true'}", false)]
    [InlineData("{k0rdent.mirantis.com/paused: 'true'}", true)]
    public void A_pause_goes_along_when_it_is_not_the_moves_own(string annotations, bool stays)
    {
        var item = KubernetesYaml.Parse($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ServiceSet, metadata: {{name: a, annotations: {annotations}}}}}")!.AsObject();
        Assert.Equal(stays, MoveMarks.Unpaused(item)["metadata"]!["annotations"] is JsonObject { Count: > 0 });
    }

    [Fact]
    public void A_move_has_the_same_id_in_each_try_and_another_from_another_source()
    {
        var id = MoveMarks.IdOf("source", new("team", "web"));
        Assert.Equal(id, MoveMarks.IdOf("source", new("team", "web")));
        Assert.NotEqual(id, MoveMarks.IdOf("other", new("team", "web")));
        Assert.NotEqual(id, MoveMarks.IdOf("source", new("team", "we")));
    }

    private static MovedObject Of(JsonObject item)
    {
        var type = GroupVersionKind.Parse((string)item["apiVersion"]!, (string)item["kind"]!);
        return new(new(type.Group, type.Version, type.Kind, type.Kind.ToLowerInvariant() + "s", Namespaced: true), new(item));
    }
}
