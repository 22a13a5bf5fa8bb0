using System.Text.Json.Nodes;
using Fleet.Observability.Recommendations.Applying;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class ApplyingTests
{
    private static readonly WantedResources Wanted = WantedResources.Of(
        "Deployment", "shop", "web", "app", Json("""{"cpu":"2","memory":"1Gi","cpuLimit":null,"memoryLimit":"2Gi"}"""), Json("""{"cpu":"600m","memory":"1Gi","cpuLimit":null,"memoryLimit":"3Gi"}"""));

    [Fact]
    public void Only_what_changes_is_wanted() => Assert.Equal("""{"requests":{"cpu":"600m"},"limits":{"memory":"3Gi"}}""", Wanted.Json().ToJsonString());

    [Fact]
    public void Places_for_resources_are_found_and_the_likely_first()
    {
        var values = Json("""
            {"resources":{},"image":{"tag":"1"},"sidecar":{"resources":{"requests":{"cpu":"2"}}},"worker":{"requests":{"cpu":"1"}},"list":[{"resources":{}}],"resourcesPreset":"nano"}
            """);
        var found = ResourceValues.Candidates(values, Json("""{"requests":{"cpu":"2"}}"""));
        Assert.Equal(["sidecar.resources", "resources", "worker"], found.Select(path => string.Join('.', path)));
        Assert.Equal("""{"a":{"b":{"requests":{"cpu":"600m"},"limits":{"memory":"3Gi"}}}}""", ResourceValues.At(["a", "b"], Wanted.Json()).ToJsonString());
        var many = new JsonObject(Enumerable.Range(0, 100).Select(i => KeyValuePair.Create($"part{i}", (JsonNode?)new JsonObject { ["resources"] = new JsonObject() })));
        Assert.Equal(ResourceValues.MostCandidates, ResourceValues.Candidates(many, null).Count);
    }

    public static TheoryData<string, string, string?> Proofs => new()
    {
        { "proven", Workload("600m", "3Gi"), null },
        { "in another notation", Workload("0.6", "3072Mi"), null },
        { "not what is wanted", Workload("700m", "3Gi"), "would not ask for it" },
        { "nothing changes", Workload("2", "2Gi"), "would not ask for it" },
        { "the image too", Workload("600m", "3Gi", image: "other"), "more of it" },
        { "another resource too", Workload("600m", "3Gi", memory: "9Gi"), "more of it" },
        { "another container too", Workload("600m", "3Gi", proxy: "600m"), "more of it" },
    };

    [Theory, MemberData(nameof(Proofs))]
    public void A_place_is_proven_when_it_changes_this_and_nothing_else(string what, string after, string? against)
    {
        var reason = RenderProof.Against([Json(Workload("2", "2Gi"))], [Json(after)], Wanted);
        Assert.True(against is null ? reason is null : reason?.Contains(against, StringComparison.Ordinal) == true, $"{what}: {reason}");
    }

    [Fact]
    public void What_else_would_change_is_named()
    {
        var config = Json("""{"kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}}""");
        var other = Json("""{"kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"2"}}""");
        Assert.Contains("ConfigMap c", RenderProof.Against([Json(Workload("2", "2Gi")), config], [Json(Workload("600m", "3Gi")), other], Wanted), StringComparison.Ordinal);
        Assert.NotNull(RenderProof.Against([config], [Json("""{"kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}}""")], Wanted));
        Assert.NotNull(RenderProof.Against([Json(Workload("2", "2Gi"))], [Json(Workload("600m", "3Gi")), config], Wanted));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("replicas: 1\n", null)]
    [InlineData("name: {{ .Cluster.metadata.name }}", "template")]
    [InlineData("# why\nreplicas: 1", "comments")]
    [InlineData("replicas: 1 # why", "comments")]
    [InlineData("a: &x {b: 1}\nc: *x", "anchors")]
    public void Text_is_written_anew_only_when_nothing_is_lost(string? text, string? against)
    {
        if (against is null)
            Assert.Null(ValuesText.WhyNot(text));
        else
            Assert.Contains(against, ValuesText.WhyNot(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_keep_what_they_had()
    {
        var text = ValuesText.With("replicas: 1\nresources: {requests: {cpu: 2, memory: 1Gi}}\n", ResourceValues.At(["resources"], Wanted.Json()));
        Assert.Equal(
            """{"replicas":1,"resources":{"requests":{"cpu":"600m","memory":"1Gi"},"limits":{"memory":"3Gi"}}}""", Fleet.Kubernetes.Yaml.KubernetesYaml.Parse(text)!.ToJsonString());
        Assert.Contains("600m", ValuesText.With("", ResourceValues.At(["resources"], Wanted.Json())), StringComparison.Ordinal);
    }

    private static string Workload(string cpu, string memoryLimit, string image = "web", string memory = "1Gi", string proxy = "1") => new JsonObject
    {
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop" },
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["containers"] = new JsonArray(
                        new JsonObject
                        {
                            ["name"] = "app", ["image"] = image,
                            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = cpu, ["memory"] = memory }, ["limits"] = new JsonObject { ["memory"] = memoryLimit } },
                        },
                        new JsonObject { ["name"] = "proxy", ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = proxy } } }),
                },
            },
        },
    }.ToJsonString();

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
