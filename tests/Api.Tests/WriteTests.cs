using System.Net;
using System.Text.Json.Nodes;
using Fleet.Rest.Problems;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.Api.Tests;

/// <summary>Changes of clusters and credentials.</summary>
public sealed class WriteTests
{
    public static TheoryData<string> Servers => [.. Testing.ApiServers.ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Only_one_of_many_who_have_seen_the_same_version_changes_it(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ClusterAsync("a");
        var caller = await host.CallerAsync("writer", Rules.ChangeClusters);
        var path = $"/clusters/{host.Namespace}/a";
        using var seen = await caller.AskAsync(path);
        var etag = seen.Headers.ETag!.Tag;
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => caller.PatchAsync(path, $"{{\"spec\":{{\"config\":{{\"workers\":{i}}}}}}}", ("If-Match", etag))));
        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var loser in answers.Where(answer => answer != winner))
            await loser.ProblemAsync(412, "precondition-failed");
        Assert.NotEqual(etag, winner.Headers.ETag!.Tag);
        using var later = await caller.PatchAsync(path, """{"spec":{"config":{"workers":99}}}""", ("If-Match", winner.Headers.ETag.Tag));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_write_says_what_it_has_seen_and_what_it_changes(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ClusterAsync("a");
        var caller = await host.CallerAsync("writer", Rules.ChangeClusters);
        var path = $"/clusters/{host.Namespace}/a";
        const string Patch = """{"spec":{"dryRun":true}}""";
        await (await caller.PatchAsync(path, Patch)).ProblemAsync(428, "precondition-required");
        foreach (var tag in (string[])["W/\"1\"", "1", "\"1\", \"2\"", "\"\"", "\"a/../b\""])
            Assert.Equal(["header If-Match"], (await (await caller.PatchAsync(path, Patch, ("If-Match", tag))).ProblemAsync(400, "invalid-request")).Fields());
        (string Body, string Field)[] wrong =
        [
            ("""{"status":{"ready":true}}""", "status"),
            ("""{"metadata":{"finalizers":null}}""", "metadata.finalizers"),
            ("""{"metadata":{"ownerReferences":[]}}""", "metadata.ownerReferences"),
            ("""{"spec":7}""", "spec"),
            ("""{}""", "body"),
            ("""[1]""", "body"),
            ("""{"spec":""", "body"),
            ("""{"spec":{"template":"a"},"spec":{"template":"b"}}""", "body"),
        ];
        foreach (var (body, field) in wrong)
            Assert.Equal([field], (await (await caller.PatchAsync(path, body, ("If-Match", "*"))).ProblemAsync(400, "invalid-request")).Fields());
        using (var other = await caller.SendAsync(HttpMethod.Patch, path, Patch, [("If-Match", "*")], "application/json"))
            await other.ProblemAsync(415, "wrong-media-type");
        using (var large = await caller.PatchAsync(path, $"{{\"spec\":{{\"config\":\"{new string('x', 1024 * 1024)}\"}}}}", ("If-Match", "*")))
            await large.ProblemAsync(413, "too-large");
        await (await caller.PatchAsync($"/clusters/{host.Namespace}/absent", Patch, ("If-Match", "*"))).ProblemAsync(404, "not-found");
        // What the management API rejects comes with its fields.
        var rejected = await (await caller.PatchAsync(path, """{"spec":{"template":""}}""", ("If-Match", "*"))).ProblemAsync(422, "rejected");
        Assert.Contains("spec.template", rejected.Fields());
        Assert.Equal("aws-1-0-0", (string?)(await caller.OkAsync(path))["template"]);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_dry_run_changes_nothing_and_shows_what_would_be(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ClusterAsync("a");
        var caller = await host.CallerAsync("writer", Rules.ChangeClusters);
        var path = $"/clusters/{host.Namespace}/a";
        using var response = await caller.PatchAsync(path + "?dryRun=true", """{"spec":{"template":"aws-2-0-0"}}""", ("If-Match", "*"));
        Assert.Equal("aws-2-0-0", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["template"]);
        Assert.Equal("aws-1-0-0", (string?)(await caller.OkAsync(path))["template"]);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task An_upgrade_is_one_of_those_that_are_available(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var cluster = await host.ClusterAsync("a");
        await host.StatusAsync(cluster, new() { ["availableUpgrades"] = new JsonArray("aws-1-1-0"), ["effectiveTemplate"] = $"{host.Namespace}/aws-1-0-0", ["k8sVersion"] = "v1.32.0" });
        var caller = await host.CallerAsync("writer", Rules.ChangeClusters);
        var path = $"/clusters/{host.Namespace}/a";
        var upgrades = await caller.OkAsync(path + "/upgrades");
        Assert.Equal(("aws-1-0-0", "aws-1-0-0", "aws-1-1-0"), ((string?)upgrades["wanted"], (string?)upgrades["installed"], (string?)upgrades["available"]![0]!["template"]));
        await (await caller.PostAsync(path + "/actions/upgrade", """{"template":"aws-1-1-0"}""")).ProblemAsync(428, "precondition-required");
        var conflict = await (await caller.PostAsync(path + "/actions/upgrade", """{"template":"aws-3-0-0"}""", ("If-Match", "*"))).ProblemAsync(409, "conflict");
        Assert.Contains("aws-1-1-0", (string?)conflict["detail"], StringComparison.Ordinal);
        Assert.Equal(["template"], (await (await caller.PostAsync(path + "/actions/upgrade", """{}""", ("If-Match", "*"))).ProblemAsync(400, "invalid-request")).Fields());
        Assert.Equal(["templat"], (await (await caller.PostAsync(path + "/actions/upgrade", """{"templat":"x"}""", ("If-Match", "*"))).ProblemAsync(400, "invalid-request")).Fields());
        using var done = await caller.PostAsync(path + "/actions/upgrade", """{"template":"aws-1-1-0"}""", ("If-Match", "*"));
        Assert.Equal("aws-1-1-0", (string?)JsonNode.Parse(await done.Content.ReadAsStringAsync())!["template"]);
        var stored = await host.Client.Resource(FleetKinds.ClusterDeployments).GetAsync(cluster.Key, default);
        Assert.Equal("aws-1-1-0", stored!.Spec.Template);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_pause_is_the_annotation_that_everybody_can_set(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var cluster = await host.ClusterAsync("a");
        var caller = await host.CallerAsync("writer", Rules.ChangeClusters);
        async Task<string?> Annotation() =>
            (await host.Client.Dynamic(FleetKinds.ClusterDeployments.Kind).GetAsync(cluster.Key, default))!.Metadata.Annotations?.GetValueOrDefault("k0rdent.mirantis.com/paused");
        foreach (var (action, value) in (IEnumerable<(string, string?)>)[("pause", "true"), ("pause", "true"), ("resume", null), ("resume", null)])
        {
            Assert.Equal(HttpStatusCode.OK, (await caller.PostAsync($"/clusters/{host.Namespace}/a/actions/{action}")).StatusCode);
            Assert.Equal(value, await Annotation());
        }
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_patch_never_meets_a_namesake(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var first = await host.ClusterAsync("a");
        var writer = host.Client.Dynamic(FleetKinds.ClusterDeployments.Kind);
        await writer.DeleteAsync(first.Key, DeleteOptions.Background, default);
        await host.ClusterAsync("a");
        var conflict = await Assert.ThrowsAsync<KubeApiException>(() => writer.PatchAsync(
            first.Key, Patch.Merge(new() { ["metadata"] = new JsonObject { ["uid"] = first.Metadata.Uid, ["labels"] = new JsonObject { ["x"] = "y" } } }), PatchOptions.Default, default));
        Assert.Equal(ProblemKind.PreconditionFailed, ProblemFrom.Exception(conflict)!.Kind);
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Credentials_show_their_users_and_never_what_is_in_them(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        await host.ApplyAsync($"{{apiVersion: v1, kind: Secret, metadata: {{name: aws, namespace: {host.Namespace}}}, stringData: {{key: TOP-SECRET-VALUE}}}}");
        await host.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Credential, metadata: {{name: aws, namespace: {host.Namespace}}}, spec: {{identityRef: {{apiVersion: v1, kind: Secret, name: aws, namespace: {host.Namespace}}}}}}}");
        var caller = await host.CallerAsync("reader", Rules.ReadCredentials, Rules.ReadClusters);
        var path = $"/credentials/{host.Namespace}/aws";
        using var unused = await caller.AskAsync(path);
        Assert.DoesNotContain("TOP-SECRET-VALUE", await unused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await host.ClusterAsync("web", credential: "aws");
        await Wait.UntilAsync(async () => (await caller.OkAsync(path))["usedBy"]!.AsArray().Count == 1, "the cluster is a user");
        Assert.Equal(HttpStatusCode.OK, (await caller.AskAsync(path, ("If-None-Match", unused.Headers.ETag!.Tag))).StatusCode);
        var page = await caller.OkAsync($"/credentials?namespace={host.Namespace}");
        Assert.Equal("web", (string?)page["items"]![0]!["usedBy"]![0]);
        // Who may not list clusters is not told their names.
        var other = await host.CallerAsync("other", Rules.ReadCredentials);
        Assert.Null((await other.OkAsync(path))["usedBy"]);
        Assert.Null((await other.OkAsync($"/credentials?namespace={host.Namespace}"))["items"]![0]!["usedBy"]);

        await (await caller.PostAsync(path + "/actions/rotate")).ProblemAsync(403, "forbidden");
        var rotator = await host.CallerAsync("rotator", "{apiGroups: [k0rdent.mirantis.com], resources: [credentials], verbs: [patch]}");
        Assert.Equal(HttpStatusCode.OK, (await rotator.PostAsync(path + "/actions/rotate")).StatusCode);
        var stored = await host.Client.Resource(FleetKinds.Credentials).GetAsync(new(host.Namespace, "aws"), default);
        Assert.True(DateTimeOffset.TryParse(stored!.Metadata.Annotations!["reconcile.fluxcd.io/requestedAt"], out _));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task A_deletion_is_asked_for_once_more_where_it_can_leave_something_behind(string server)
    {
        await using var host = await ApiHost.StartAsync(server);
        var cluster = await host.ClusterAsync("a");
        var clusters = host.Client.Dynamic(FleetKinds.ClusterDeployments.Kind);
        await clusters.PatchAsync(cluster.Key, Patch.Merge(new() { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("example.com/hold") } }), PatchOptions.Default, default);
        var caller = await host.CallerAsync("writer", Rules.ChangeClusters);
        var path = $"/clusters/{host.Namespace}/a";
        Task<HttpResponseMessage> Delete(string query, params (string, string)[] headers) => caller.SendAsync(HttpMethod.Delete, path + query, null, headers);
        Assert.Equal(["?confirm"], (await (await Delete("?policy=Force")).ProblemAsync(400, "invalid-request")).Fields());
        Assert.Equal(["?confirm"], (await (await Delete("?policy=Orphan&confirm=a")).ProblemAsync(400, "invalid-request")).Fields());
        Assert.Equal(["?policy"], (await (await Delete("?policy=Now")).ProblemAsync(400, "invalid-request")).Fields());
        await (await Delete("", ("If-Match", "\"1\""))).ProblemAsync(412, "precondition-failed");
        Assert.Equal(HttpStatusCode.OK, (await Delete($"?policy=Orphan&confirm={host.Namespace}%2Fa&dryRun=true")).StatusCode);
        var untouched = (await clusters.GetAsync(cluster.Key, default))!.Metadata;
        Assert.False(untouched.IsBeingDeleted);
        Assert.Null(untouched.Annotations?.GetValueOrDefault("k0rdent.mirantis.com/deletion-policy"));

        using var seen = await caller.AskAsync(path);
        using var done = await Delete($"?policy=Orphan&confirm={host.Namespace}%2Fa", ("If-Match", seen.Headers.ETag!.Tag));
        Assert.Equal("Deleting", (string?)JsonNode.Parse(await done.Content.ReadAsStringAsync())!["phase"]);
        var going = (await clusters.GetAsync(cluster.Key, default))!.Metadata;
        Assert.True(going.IsBeingDeleted);
        Assert.Equal("Orphan", going.Annotations!["k0rdent.mirantis.com/deletion-policy"]);
        await clusters.PatchAsync(cluster.Key, Patch.Merge(new() { ["metadata"] = new JsonObject { ["finalizers"] = null } }), PatchOptions.Default, default);
        await (await Delete("")).ProblemAsync(404, "not-found");
    }
}
