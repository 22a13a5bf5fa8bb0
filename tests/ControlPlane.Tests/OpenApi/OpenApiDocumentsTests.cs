using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.OpenApi;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.OpenApi;

public sealed class OpenApiDocumentsTests
{
    private static readonly OpenApiResource s_deployments = new(
        new ResourceKind("apps", "v1", "Deployment", "deployments", true), BuiltInSchemas.Find(GroupVersionKind.Parse("apps/v1", "Deployment")), HasStatus: true, HasScale: true);

    private static readonly OpenApiResource s_widgets = new(
        new ResourceKind("x.io", "v1", "Widget", "widgets", false), null, (JsonObject)JsonNode.Parse("""
            {"type":"object","description":"A widget.","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer","nullable":true,"oneOf":[{"minimum":1}]}}}}}
            """)!);

    [Fact]
    public void Every_reference_leads_to_a_type()
    {
        foreach (var document in (JsonObject[])[OpenApiDocuments.V3([s_deployments, s_widgets]), OpenApiDocuments.V2([s_deployments, s_widgets])])
        {
            var types = (JsonObject?)document["components"]?["schemas"] ?? (JsonObject)document["definitions"]!;
            var references = new List<string>();
            Collect(document, references);
            Assert.NotEmpty(references);
            Assert.All(references, r => Assert.Contains(r[(r.LastIndexOf('/') + 1)..], types));
        }
    }

    [Fact]
    public void The_patch_operation_shows_that_the_server_validates_fields()
    {
        var document = OpenApiDocuments.V3([s_deployments]);
        var patch = document["paths"]!["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]!["patch"]!;
        Assert.Equal("patch", (string?)patch["x-kubernetes-action"]);
        Assert.Equal("""{"group":"apps","kind":"Deployment","version":"v1"}""", patch["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Equal(["dryRun", "fieldManager", "fieldValidation", "force"], ((JsonArray)patch["parameters"]!).Select(p => (string?)p!["name"]));
        Assert.NotNull(document["paths"]!["/apis/apps/v1/deployments"]!["get"]);
        Assert.NotNull(document["paths"]!["/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale"]);
    }

    [Fact]
    public void Types_carry_kinds_and_merge_keys()
    {
        var types = OpenApiDocuments.V3([s_deployments])["components"]!["schemas"]!;
        Assert.Equal("Deployment", (string?)types["io.k8s.api.apps.v1.Deployment"]!["x-kubernetes-group-version-kind"]![0]!["kind"]);
        Assert.Equal("DeploymentList", (string?)types["io.k8s.api.apps.v1.DeploymentList"]!["x-kubernetes-group-version-kind"]![0]!["kind"]);
        var containers = types["io.k8s.api.core.v1.PodSpec"]!["properties"]!["containers"]!;
        Assert.Equal("name", (string?)containers["x-kubernetes-patch-merge-key"]);
        Assert.Equal("merge", (string?)containers["x-kubernetes-patch-strategy"]);
        Assert.Equal("merge,retainKeys", (string?)types["io.k8s.api.core.v1.PodSpec"]!["properties"]!["volumes"]!["x-kubernetes-patch-strategy"]);
        Assert.Contains("containers", ((JsonArray)types["io.k8s.api.core.v1.PodSpec"]!["required"]!).Select(r => (string?)r));
    }

    [Fact]
    public void A_custom_kind_keeps_its_schema_and_gets_metadata()
    {
        var type = OpenApiDocuments.V3([s_widgets])["components"]!["schemas"]!["io.x.v1.Widget"]!;
        Assert.Equal("A widget.", (string?)type["description"]);
        Assert.True((bool)type["properties"]!["spec"]!["properties"]!["size"]!["nullable"]!);
        Assert.EndsWith("ObjectMeta", (string?)type["properties"]!["metadata"]!["allOf"]![0]!["$ref"], StringComparison.Ordinal);
        Assert.Null(OpenApiDocuments.V2([s_widgets])["definitions"]!["io.x.v1.Widget"]!["properties"]!["spec"]!["properties"]!["size"]!["oneOf"]);
    }

    [Fact]
    public void The_index_names_each_group_version_with_its_hash()
    {
        var hash = OpenApiDocuments.Hash(Encoding.UTF8.GetBytes("{}"));
        var index = OpenApiDocuments.V3Index([new("apis/apps/v1", hash)], "/clusters/a");
        Assert.Equal($"/clusters/a/openapi/v3/apis/apps/v1?hash={hash}", (string?)index["paths"]!["apis/apps/v1"]!["serverRelativeURL"]);
    }

    private static void Collect(JsonNode? node, List<string> references)
    {
        if (node is JsonArray list)
            foreach (var item in list) Collect(item, references);
        if (node is not JsonObject o) return;
        foreach (var (name, child) in o)
        {
            if (name == "$ref" && child is JsonValue) references.Add(child.GetValue<string>());
            else Collect(child, references);
        }
    }
}
