using System.Text.Json.Nodes;
using Fleet.Backup.Restores;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Backup.Tests.Restores;

public sealed class RestoreManifestTests
{
    private const string OldOwner = "11111111-1111-1111-1111-111111111111";
    private const string NewOwner = "22222222-2222-2222-2222-222222222222";

    private readonly RestoreIndex index = new();

    [Fact]
    public void Nothing_that_the_server_gives_is_asked_for()
    {
        var (entry, saved) = Add("ServiceSet", "uid: a, resourceVersion: '7', generation: 3, creationTimestamp: x, deletionTimestamp: y, managedFields: [{manager: m}]", "{}");
        var body = RestoreManifest.ToCreate(entry, saved, index, "archive");
        Assert.Equal(["annotations", "name", "namespace"], body["metadata"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "1795316400")]
    [InlineData("annotations: {k0rdent.mirantis.com/management-epoch: '1700000000'}", "1795316400")]
    [InlineData("annotations: {k0rdent.mirantis.com/management-epoch: '1895316400'}", "1895316401")]
    [InlineData("annotations: {k0rdent.mirantis.com/management-epoch: soon}", "1795316400")]
    public void A_restored_cluster_has_a_later_epoch_than_before_even_when_clocks_differ(string metadata, string epoch)
    {
        var later = new RestoreIndex { RestoredAt = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero) };
        foreach (var (kind, expected) in (List<(string, string?)>)[("ClusterDeployment", epoch), ("ServiceSet", metadata.Length == 0 ? null : "kept")])
        {
            var (entry, saved) = Add(kind, metadata, "{}");
            var written = (string?)RestoreManifest.ToCreate(entry, saved, later, "archive")["metadata"]!["annotations"]![FleetAnnotations.ManagementEpoch];
            Assert.Equal(expected == "kept" ? (string?)saved["metadata"]!["annotations"]![FleetAnnotations.ManagementEpoch] : expected, written);
        }
    }

    [Fact]
    public void Owners_that_are_there_already_are_linked_and_others_wait()
    {
        var (owner, _) = Add("ClusterDeployment", $"uid: {OldOwner}", "{}", "owner");
        var (entry, saved) = Add("ServiceSet", $"ownerReferences: [{{apiVersion: v1, kind: ClusterDeployment, name: owner, uid: {OldOwner}, controller: true}}]", "{}");
        Assert.Null(RestoreManifest.ToCreate(entry, saved, index, "archive")["metadata"]!["ownerReferences"]);
        owner.NewUid = NewOwner;
        Assert.Equal(NewOwner, (string?)RestoreManifest.ToCreate(entry, saved, index, "archive")["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Equal(NewOwner, (string?)Finish(entry, saved, "uid: fresh")["metadata"]!["ownerReferences"]![0]!["uid"]);
    }

    [Fact]
    public void An_owner_that_is_not_in_the_archive_is_none()
    {
        var (entry, saved) = Add("ServiceSet", $"ownerReferences: [{{apiVersion: apps/v1, kind: Deployment, name: d, uid: {OldOwner}}}]", "{}");
        Assert.Null(RestoreManifest.ToCreate(entry, saved, index, "archive")["metadata"]!["ownerReferences"]);
        Assert.Null(Finish(entry, saved, "uid: fresh")["metadata"]!["ownerReferences"]);
    }

    [Fact]
    public void Owners_that_somebody_added_meanwhile_stay()
    {
        var (owner, _) = Add("ClusterDeployment", $"uid: {OldOwner}", "{}", "owner");
        owner.NewUid = NewOwner;
        var (entry, saved) = Add("ServiceSet", $"ownerReferences: [{{apiVersion: v1, kind: ClusterDeployment, name: owner, uid: {OldOwner}}}]", "{}");
        var patch = Finish(entry, saved, "uid: fresh, ownerReferences: [{apiVersion: v1, kind: Other, name: o, uid: other}]");
        Assert.Equal([NewOwner, "other"], patch["metadata"]!["ownerReferences"]!.AsArray().Select(one => (string?)one!["uid"]));
    }

    [Fact]
    public void A_uid_of_the_archive_is_followed_wherever_it_stands()
    {
        var (owner, _) = Add("ClusterDeployment", $"uid: {OldOwner}", "{}", "owner");
        owner.NewUid = NewOwner;
        var (entry, saved) = Add("ServiceSet", $"labels: {{copy-for: {OldOwner}, other: x}}", $"{{clusters: [{{uid: {OldOwner}}}]}}", status: $"{{by: {OldOwner}}}");
        var body = RestoreManifest.ToCreate(entry, saved, index, "archive");
        Assert.Equal((NewOwner, "x", NewOwner), ((string?)body["metadata"]!["labels"]!["copy-for"], (string?)body["metadata"]!["labels"]!["other"], (string?)body["spec"]!["clusters"]![0]!["uid"]));
        Assert.Equal(NewOwner, (string?)RestoreManifest.Status(saved, entry, index)!["by"]);
        Assert.Equal(OldOwner, (string?)saved["metadata"]!["labels"]!["copy-for"]);
    }

    [Fact]
    public void Records_of_Helm_keep_the_uid_that_the_release_was_made_with()
    {
        var (owner, _) = Add("ClusterDeployment", $"uid: {OldOwner}", "{}", "owner");
        owner.NewUid = NewOwner;
        var saved = KubernetesYaml.Parse($"apiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: ns, labels: {{owner: helm, fleet-owner: {OldOwner}}}}}\ntype: helm.sh/release.v1")!.AsObject();
        var entry = index.Add(new("", "v1", "Secret", "secrets", true), 0, new(saved));
        Assert.Equal(OldOwner, (string?)RestoreManifest.ToCreate(entry, saved, index, "archive")["metadata"]!["labels"]!["fleet-owner"]);
        Assert.Null(Finish(entry, saved, "uid: fresh")["metadata"]!["labels"]);
    }

    [Fact]
    public void A_ClusterDeployment_keeps_its_first_identity_through_every_restore()
    {
        var (entry, saved) = Add("ClusterDeployment", $"uid: {OldOwner}", "{}");
        Assert.Equal(OldOwner, (string?)RestoreManifest.ToCreate(entry, saved, index, "archive")["metadata"]!["annotations"]!["k0rdent.mirantis.com/restored-uid"]);
        var (second, restored) = Add("ClusterDeployment", $"uid: {NewOwner}, annotations: {{k0rdent.mirantis.com/restored-uid: {OldOwner}}}", "{}", "second");
        second.NewUid = "33333333-3333-3333-3333-333333333333";
        entry.NewUid = "44444444-4444-4444-4444-444444444444";
        Assert.Equal(OldOwner, (string?)RestoreManifest.ToCreate(second, restored, index, "archive")["metadata"]!["annotations"]!["k0rdent.mirantis.com/restored-uid"]);
        Assert.DoesNotContain("k0rdent.mirantis.com/restored-uid", Finish(second, restored, "uid: fresh")["metadata"]!["annotations"]!.AsObject().Select(row => row.Key));
    }

    [Theory]
    [InlineData("ClusterDeployment", "k0rdent.mirantis.com/paused", null)]
    [InlineData("ClusterDeployment", "k0rdent.mirantis.com/paused", "true")]
    [InlineData("ServiceSet", "k0rdent.mirantis.com/service-set-paused", null)]
    public void What_a_controller_acts_on_is_held_until_the_end_and_then_as_the_user_had_it(string kind, string pause, string? users)
    {
        var (entry, saved) = Add(kind, users is null ? "uid: a" : $"uid: a, annotations: {{{pause}: '{users}'}}", "{}");
        Assert.True(RestoreManifest.IsHeld(entry));
        Assert.Equal("true", (string?)RestoreManifest.ToCreate(entry, saved, index, "archive")["metadata"]!["annotations"]![pause]);
        var annotations = Finish(entry, saved, "uid: fresh")["metadata"]!["annotations"]!.AsObject();
        Assert.True(annotations.ContainsKey(pause));
        Assert.Equal(users, (string?)annotations[pause]);
        Assert.Null(annotations[RestoreManifest.Mark]);
    }

    [Theory]
    [InlineData("", true, "true", "true")]
    [InlineData("", false, null, null)]
    [InlineData(", annotations: {k0rdent.mirantis.com/service-set-paused: 'yes'}", true, "yes", null)]
    public void A_ServiceSet_is_let_go_with_its_ClusterDeployment_unless_a_person_holds_it(string annotations, bool follows, string? paused, string? withCluster)
    {
        var (cluster, _) = Add("ClusterDeployment", $"uid: {OldOwner}", "{}");
        cluster.NewUid = NewOwner;
        var (entry, saved) = Add("ServiceSet", $"uid: a, ownerReferences: [{{apiVersion: v1, kind: ClusterDeployment, name: x, uid: {OldOwner}}}]{annotations}", "{}");
        var finished = Finish(entry, saved, "uid: fresh", follows)["metadata"]!["annotations"]!.AsObject();
        Assert.Equal(paused, (string?)finished["k0rdent.mirantis.com/service-set-paused"]);
        Assert.Equal(withCluster, (string?)finished["k0rdent.mirantis.com/paused-with-cluster"]);
    }

    [Fact]
    public void A_patch_names_the_object_that_it_was_made_for()
    {
        var (entry, saved) = Add("ServiceSet", "uid: a", "{}");
        var patch = Finish(entry, saved, "uid: fresh, resourceVersion: '5'");
        Assert.Equal(("fresh", "5"), ((string?)patch["metadata"]!["uid"], (string?)patch["metadata"]!["resourceVersion"]));
    }

    [Fact]
    public void Owners_come_before_what_they_own_and_kinds_in_their_order()
    {
        var machine = AddCapi("Machine", "m", "u3", "u2");
        var set = AddCapi("MachineSet", "s", "u2", "u1");
        var cluster = AddCapi("Cluster", "c", "u1");
        var (deployment, _) = Add("ClusterDeployment", "uid: u0", "{}");
        var secret = index.Add(new("", "v1", "Secret", "secrets", true), 0, new(KubernetesYaml.Parse("metadata: {name: x, namespace: ns, ownerReferences: [{apiVersion: v1, kind: Cluster, name: c, uid: u1}]}")!.AsObject()));
        var steps = index.Arrange();
        Assert.Equal([secret.Step, cluster.Step, set.Step, machine.Step, deployment.Step], steps);
    }

    [Fact]
    public void Owners_in_a_circle_do_not_hang_it()
    {
        AddCapi("A", "a", "u1", "u2");
        AddCapi("B", "b", "u2", "u1");
        Assert.NotEmpty(index.Arrange());
    }

    [Theory]
    [InlineData("clusterdeployment", true)]
    [InlineData("ClusterDeployments/ns/web", true)]
    [InlineData("clusterdeployment.k0rdent.mirantis.com/*/web", true)]
    [InlineData("*/ns/*", true)]
    [InlineData("clusterdeployment/web", true)]
    [InlineData("clusterdeployment/other/web", false)]
    [InlineData("cluster", false)]
    public void A_selection_takes_kind_namespace_and_name(string text, bool expected) =>
        Assert.Equal(expected, ObjectSelection.Parse(text).Selects(new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", "clusterdeployments", true), new("ns", "web")));

    [Theory]
    [InlineData("")]
    [InlineData("a//b")]
    [InlineData("a/b/c/d")]
    public void A_selection_that_says_nothing_is_refused(string text) => Assert.Throws<FormatException>(() => ObjectSelection.Parse(text));

    [Fact]
    public void What_Management_installs_is_left_to_it()
    {
        var management = index.Add(new("k0rdent.mirantis.com", "v1beta1", "Management", "managements", false), 0, new(KubernetesYaml.Parse("metadata: {name: kcm, uid: m}")!.AsObject()));
        var (cluster, _) = Add("ClusterDeployment", "uid: c", "{}");
        var providers = Record("providers");
        var clusters = Record("cluster");
        RestoreSelection.Exclude(index, new Dictionary<RestoreEntry, string> { [providers] = "m", [clusters] = "c" }, []);
        Assert.Contains("Management kcm", providers.Excluded, StringComparison.Ordinal);
        Assert.Null(clusters.Excluded);
        Assert.Null(management.Excluded);
        Assert.Null(cluster.Excluded);
    }

    private RestoreEntry Record(string name) => index.Add(new("", "v1", "Secret", "secrets", true), 0, new(KubernetesYaml.Parse($"metadata: {{name: {name}, namespace: ns}}")!.AsObject()));

    private RestoreEntry AddCapi(string kind, string name, string uid, string? owner = null) => index.Add(
        new("cluster.x-k8s.io", "v1beta2", kind, kind + "s", true), 0,
        new(KubernetesYaml.Parse($"metadata: {{name: {name}, namespace: ns, uid: {uid}{(owner is null ? "" : $", ownerReferences: [{{apiVersion: v1, kind: O, name: o, uid: {owner}}}]")}}}")!.AsObject()));

    private (RestoreEntry, JsonObject) Add(string kind, string metadata, string spec, string name = "x", string status = "{}")
    {
        var saved = KubernetesYaml.Parse($"apiVersion: k0rdent.mirantis.com/v1beta1\nkind: {kind}\nmetadata: {{name: {name}, namespace: ns, {metadata}}}\nspec: {spec}\nstatus: {status}")!.AsObject();
        // The view of metadata reads times, which these examples do not write as times.
        var plain = saved.DeepClone().AsObject();
        foreach (var time in (string[])["creationTimestamp", "deletionTimestamp"])
            plain["metadata"]!.AsObject().Remove(time);
        return (index.Add(new("k0rdent.mirantis.com", "v1beta1", kind, kind.ToLowerInvariant() + "s", true), 0, new(plain)), saved);
    }

    private JsonObject Finish(RestoreEntry entry, JsonObject saved, string live, bool servicesFollow = true) =>
        RestoreManifest.ToFinish(entry, saved, new DynamicObject(KubernetesYaml.Parse($"metadata: {{name: x, namespace: ns, {live}}}")!.AsObject()), index, stayPaused: false, servicesFollow);
}
