using System.Net;
using System.Text.Json.Nodes;

namespace Fleet.Api.Tests.Services;

/// <summary>Plans and differences of services over REST: who may ask, and what is wrong with a question.</summary>
public sealed class ServicePreviewApiTests
{
    private const string ReadSets = "{apiGroups: [k0rdent.mirantis.com], resources: [servicesets], verbs: [get, list]}";

    [Fact]
    public async Task A_plan_needs_its_own_right_and_tells_of_clusters_that_cannot_be_looked_at()
    {
        await using var host = await ServiceApiTests.HostAsync();
        await ServiceApiTests.SetAsync(host, "a", "shop/cart");
        await ServiceApiTests.SetAsync(host, "b", "shop/cart");
        var reader = await host.CallerAsync("reader", ReadSets);
        await ServiceApiTests.EventuallyListedAsync(reader, $"/services?namespace={host.Namespace}", 2);
        var path = $"/services/plan?namespace={host.Namespace}";
        await (await host.Caller(null).AskAsync(path)).ProblemAsync(401, "unauthenticated");
        await (await reader.AskAsync(path)).ProblemAsync(403, "forbidden");

        var planner = await host.CallerAsync("planner", ReadSets, "{apiGroups: [k0rdent.mirantis.com], resources: [servicesets/plan], verbs: [get]}");
        var first = await planner.OkAsync(path + "&limit=1");
        Assert.Equal("a", (string?)Assert.Single(first["items"]!.AsArray())!["cluster"]);
        var second = await planner.OkAsync($"{path}&limit=1&continue={first["continue"]}");
        Assert.Equal(("b", null), ((string?)Assert.Single(second["items"]!.AsArray())!["cluster"], (string?)second["continue"]));
        Assert.Contains("no kubeconfig yet", (string?)second["items"]![0]!["problem"], StringComparison.Ordinal);
        Assert.Equal("Wait", (string?)second["items"]![0]!["services"]![0]!["action"]);
        Assert.Empty((await planner.OkAsync(path + "&cluster=none"))["items"]!.AsArray());
        await (await planner.AskAsync(path + "&limit=0")).ProblemAsync(400, "invalid-request");
    }

    [Fact]
    public async Task A_diff_needs_its_own_right_wherever_its_objects_are()
    {
        await using var host = await ServiceApiTests.HostAsync();
        await host.ClusterAsync("web", labels: "env: prod");
        var own = $$$"""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"NamespacedMultiClusterService","metadata":{"name":"pages","namespace":"{{{host.Namespace}}}"},"spec":{"clusterSelector":{"matchLabels":{"env":"prod"} },"serviceSpec":{"services":[{"name":"pages","template":"nowhere"}]} } }""";
        var everywhere = own.Replace("NamespacedMulti", "Multi", StringComparison.Ordinal).Replace($",\"namespace\":\"{host.Namespace}\"", "", StringComparison.Ordinal);
        var caller = await host.CallerAsync("previewer", "{apiGroups: [k0rdent.mirantis.com], resources: [servicesets/diff], verbs: [create]}");
        await (await host.Caller(null).PostAsync("/services/diff", Body(own))).ProblemAsync(401, "unauthenticated");
        await (await (await host.CallerAsync("reader", ReadSets)).PostAsync("/services/diff", Body(own))).ProblemAsync(403, "forbidden");
        await (await caller.PostAsync("/services/diff", Body(everywhere))).ProblemAsync(403, "forbidden");
        await (await caller.PostAsync("/services/diff", Body("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}"""))).ProblemAsync(403, "forbidden");

        await Wait.UntilAsync(async () => (bool?)(await DiffAsync(caller, own))["hasChanges"] == true, "the cluster is known");
        var service = Assert.Single(Assert.Single((await DiffAsync(caller, own))["clusters"]!.AsArray())!["services"]!.AsArray())!;
        Assert.Equal(("pages", "Install", $"NamespacedMultiClusterService {host.Namespace}/pages"), ((string?)service["name"], (string?)service["change"], (string?)service["source"]));
        Assert.Contains("ServiceTemplate nowhere does not exist", (string?)service["problem"], StringComparison.Ordinal);

        foreach (var body in (string[])["{}", """{"objects":[]}""", """{"objects":[null]}""", """{"objects":[{"kind":"ServiceTemplate"}]}""", Body(own.Replace("[{\"name\":\"pages\",\"template\":\"nowhere\"}]", "7", StringComparison.Ordinal))])
            await (await caller.PostAsync("/services/diff", body)).ProblemAsync(400, "invalid-request");
        await (await caller.PostAsync("/services/diff")).ProblemAsync(415, "wrong-media-type");
    }

    private static string Body(string item) => $"{{\"objects\":[{item}]}}";

    private static async Task<JsonNode> DiffAsync(HttpClient caller, string item)
    {
        using var response = await caller.PostAsync("/services/diff", Body(item));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }
}
