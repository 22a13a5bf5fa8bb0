using System.Text.Json.Nodes;
using Fleet.StateManager.Drift;
using static Fleet.StateManager.Tests.Drift.Manifests;

namespace Fleet.StateManager.Tests.Drift;

public sealed class ObjectRepairTests
{
    [Fact]
    public void A_patch_has_the_drifted_fields_by_their_place_in_the_live_object_and_fails_when_it_has_changed()
    {
        var compared = Compare(
            """
            apiVersion: v1
            kind: Pod
            metadata: {labels: {a/b: c}}
            spec:
              nodeName: x
              containers: [{name: a, image: x}, {name: b, image: z, env: null}]
              tolerations: [{key: k}]
            """,
            """
            apiVersion: v1
            kind: Pod
            metadata: {labels: {z: z}}
            spec:
              containers: [{name: side}, {name: a, image: other}]
              tolerations: []
            """);

        var patch = ObjectRepair.Patch(compared.Drifts, "42");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            [{"op":"replace","path":"/metadata/resourceVersion","value":"42"},
             {"op":"add","path":"/metadata/labels/a~1b","value":"c"},
             {"op":"add","path":"/spec/nodeName","value":"x"},
             {"op":"add","path":"/spec/containers/1/image","value":"x"},
             {"op":"add","path":"/spec/containers/-","value":{"name":"b","image":"z"}},
             {"op":"add","path":"/spec/tolerations","value":[{"key":"k"}]}]
            """), patch), patch.ToJsonString());
    }

    [Fact]
    public void A_manifest_that_is_applied_again_states_what_does_not_count_as_it_is()
    {
        const string declared = "{apiVersion: apps/v1, kind: Deployment, status: {}, metadata: {name: a, creationTimestamp: null}, spec: {replicas: 1, paused: true, minReadySeconds: 5, template: {spec: {containers: [{name: a, image: x}]}}}}";
        var compared = Compare(
            declared, "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 5, minReadySeconds: 9, template: {spec: {containers: [{name: side, image: s}, {name: a, image: pinned}]}}}}",
            "/spec/replicas", "/spec/paused", "/spec/template/spec/containers/0/image");

        var manifest = ObjectRepair.Manifest(Yaml(declared), compared.Left);

        Assert.True(JsonNode.DeepEquals(Yaml(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: 5, minReadySeconds: 5, template: {spec: {containers: [{name: a, image: pinned}]}}}}"), manifest),
            manifest.ToJsonString());
    }

    [Fact]
    public void Writers_of_fields_are_known_by_managedFields()
    {
        var live = Yaml("""
            metadata:
              managedFields:
              - {manager: helm-of-ours, operation: Update, time: '2026-11-01T10:00:00Z', fieldsV1: {'f:metadata': {'f:annotations': {'f:meta.helm.sh/release-name': {}}}, 'f:spec': {'f:tolerations': {}, 'f:containers': {}}}}
              - {manager: kubectl-edit, operation: Update, time: '2026-11-01T11:00:00Z', fieldsV1: {'f:spec': {'f:containers': {'k:{"name":"a"}': {'.': {}, 'f:image': {}}}}}}
              - {manager: kubectl-patch, operation: Update, time: '2026-11-01T11:30:00Z', fieldsV1: {'f:spec': {'f:containers': {'k:{"name":"b"}': {'f:image': {}}}}}}
              - {manager: controller, operation: Update, time: '2026-11-01T12:00:00Z', fieldsV1: {'f:status': {}, 'f:metadata': {'f:annotations': {}}}}
            """);
        const string declared = "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: x}], tolerations: [{key: k}], nodeName: node}}";
        var image = Compare(declared, "{spec: {containers: [{name: a, image: y}], tolerations: [{key: k}], nodeName: node}}").Drifts;
        var removed = Compare(declared, "{spec: {containers: [{name: a, image: x}], tolerations: [{key: k}]}}").Drifts;
        var element = Compare(declared, "{spec: {containers: [{name: a, image: x}], tolerations: [{key: z}], nodeName: node}}").Drifts;

        Assert.Equal(new FieldWriter("kubectl-edit", new DateTimeOffset(2026, 11, 1, 11, 0, 0, TimeSpan.Zero)), FieldOwners.LastWriter(live, image, FieldOwners.HelmManager(live)));
        // Nobody owns what is gone: the last writer of anything but status has taken it.
        Assert.Equal("kubectl-patch", FieldOwners.LastWriter(live, removed, FieldOwners.HelmManager(live))?.Manager);
        Assert.Equal("helm-of-ours", FieldOwners.LastWriter(live, element, FieldOwners.HelmManager(live))?.Manager);
        Assert.Equal("helm-of-ours", FieldOwners.HelmManager(live));
        Assert.Equal("helm", FieldOwners.HelmManager([]));
        Assert.Null(FieldOwners.LastWriter([], image, "helm"));
    }
}
