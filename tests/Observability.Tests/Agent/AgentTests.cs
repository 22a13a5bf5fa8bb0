using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Fleet.Observability.Tests.Ingest;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Observability.Tests.Agent;

/// <summary>The agent as its chart deploys it, in a cluster with kube-apiserver and with a token of exactly its ServiceAccount, before a Fleet that polls nobody.</summary>
public sealed class AgentTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new("agent");
    private readonly HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{FreePort.Next()}") };
    private RealApiServer managed = null!;
    private PeerStore store = null!;
    private ObservabilityProcess fleet = null!;
    private ServerProcess? agent;
    private string account = "";
    private string user = "";

    public async ValueTask InitializeAsync()
    {
        var servers = RealApiServer.StartAsync(withControllers: false);
        store = await PeerStore.StartAsync();
        fleet = await ObservabilityProcess.StartAsync(store.Address, new Dictionary<string, string?> { ["FLEET_COSTS_EVERY"] = "1s" });
        managed = await servers;
    }

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
            await agent.DisposeAsync();
        await fleet.DisposeAsync();
        await store.DisposeAsync();
        await managed.DisposeAsync();
        client.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_cluster_that_nobody_can_reach_is_priced_by_what_its_agent_tells_also_after_kills()
    {
        await InstallAsync();
        await RightsAreTheLeastAsync();
        await MakeWorkAsync();
        await PrepareFleetAsync();
        await StartAgentAsync();

        // Costs, samples and events arrive; no kubeconfig of the cluster is anywhere.
        await UntilAsync("/allocation?window=today&aggregate=namespace", answer => answer["data"] is JsonArray { Count: > 0 } data && (double?)data[0]?["shop"]?["cpuCost"] > 0);
        var clusters = await GetAsync("/api/v1/costs/clusters");
        Assert.Equal("team-a/web", (string?)clusters["items"]![0]!["cluster"]);
        Assert.Contains("metrics-server", clusters["items"]![0]!["problems"]!.ToJsonString(), StringComparison.Ordinal);
        await store.UntilAsync(() => store.Taken.Any(series => series["__name__"] == "kube_pod_container_resource_requests" && series["pod"] == "web-1" && series["cluster"] == "web"));
        var second = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await EventAsync("first", second);
        await UntilAsync("/api/v1/logs?cluster=team-a/web&q=first", answer => answer["items"]!.AsArray().Count == 1);
        Assert.Equal("shop", (string?)(await GetAsync("/api/v1/logs?cluster=team-a/web&q=first"))["items"]![0]!["namespace"]);

        // Fleet dies, once the agent has its answer. What happens now, dated as the event that it has, waits on the agent's disk and survives the agent.
        await UntilMetricAsync("fleet_forward_queue_size_bytes{what=\"events\"}", waiting => waiting == 0);
        await fleet.KillAsync();
        await EventAsync("meanwhile", second);
        await UntilMetricAsync("fleet_forward_queue_size_bytes{what=\"events\"}", waiting => waiting > 0);
        await UntilMetricAsync("fleet_forward_queue_size_bytes{what=\"looks\"}", waiting => waiting > 0);
        await agent!.KillAsync();
        await fleet.StartAsync();
        await StartAgentAsync();
        await UntilAsync("/api/v1/logs?cluster=team-a/web&q=meanwhile", answer => answer["items"]!.AsArray().Count >= 1);
        // What Fleet had before does not come once more.
        Assert.Single((await GetAsync("/api/v1/logs?cluster=team-a/web&q=first"))["items"]!.AsArray());

        // Another token, and the one before ends: the agent reads its file again.
        var other = (await fleet.TokensAsync(HttpMethod.Post, "team-a/web")).Answer!;
        var ids = (await fleet.TokensAsync(HttpMethod.Get, "team-a/web")).Answer!["items"]!.AsArray().Select(item => (string)item!["id"]!).ToList();
        folder.Write("token", (string)other["token"]!);
        foreach (var id in ids.Where(id => id != (string?)other["id"]))
            Assert.Equal(204, (await fleet.TokensAsync(HttpMethod.Delete, "team-a/web", $"/{id}")).Status);
        await EventAsync("rotated", TimeProvider.System.GetUtcNow());
        await UntilAsync("/api/v1/logs?cluster=team-a/web&q=rotated", answer => answer["items"]!.AsArray().Count >= 1);
        Assert.DoesNotContain((string)other["token"]!, await File.ReadAllTextAsync(agent!.LogPath), StringComparison.Ordinal);
    }

    private async Task InstallAsync()
    {
        var rendered = (await ProcessOutput.RunAsync(RealParts.Helm4.Path, [
            "template", "agent", Path.Combine(TestLogs.RepositoryRoot, "deploy", "agent"), "--namespace", "fleet-agent", "--set", "image.repository=registry.example/fleet,fleet.url=https://fleet.example"])).MustSucceed().Out;
        Assert.Equal(rendered, (await ProcessOutput.RunAsync(RealParts.Helm3.Path, [
            "template", "agent", Path.Combine(TestLogs.RepositoryRoot, "deploy", "agent"), "--namespace", "fleet-agent", "--set", "image.repository=registry.example/fleet,fleet.url=https://fleet.example"])).MustSucceed().Out);
        (await InManagedAsync("create", "namespace", "fleet-agent")).MustSucceed();
        (await InManagedAsync("apply", "-f", folder.Write("agent.yaml", rendered))).MustSucceed();
        var token = (await InManagedAsync("create", "token", "agent", "-n", "fleet-agent")).MustSucceed().Out.Trim();
        account = managed.WriteTokenKubeconfig(token);
    }

    /// <summary>Of the API server's own words, as the agent's account.</summary>
    private async Task RightsAreTheLeastAsync()
    {
        var rules = (await AsAgentAsync("auth", "can-i", "--list", "--no-headers")).MustSucceed().Out;
        foreach (var kind in (string[])["nodes", "pods", "persistentvolumes", "persistentvolumeclaims", "services", "namespaces", "events", "pods.metrics.k8s.io"])
            Assert.Contains(rules.Split('\n'), rule => rule.StartsWith(kind + " ", StringComparison.Ordinal) && rule.Contains("list", StringComparison.Ordinal));
        foreach (var kind in (string[])["secrets", "configmaps", "nodes/proxy", "pods/exec", "pods/log"])
            Assert.DoesNotContain(rules.Split('\n'), rule => rule.StartsWith(kind + " ", StringComparison.Ordinal));
        Assert.Contains("Forbidden", (await AsAgentAsync("get", "secrets", "-A")).Error, StringComparison.Ordinal);
        Assert.Contains("Forbidden", (await AsAgentAsync("delete", "node", "n1")).Error, StringComparison.Ordinal);
    }

    private async Task MakeWorkAsync()
    {
        (await InManagedAsync("apply", "-f", folder.Write("work.yaml", """
            {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}}
            ---
            {apiVersion: v1, kind: Node, metadata: {name: n1}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web-1, namespace: shop}
            spec:
              nodeName: n1
              automountServiceAccountToken: false
              containers: [{name: app, image: web, resources: {requests: {cpu: 500m, memory: 256Mi}}}]
            """))).MustSucceed();
        (await InManagedAsync("patch", "node", "n1", "--subresource=status", "--type=merge", "-p", """{"status": {"capacity": {"cpu": "2", "memory": "8Gi"}, "conditions": [{"type": "Ready", "status": "True"}]}}""")).MustSucceed();
        (await InManagedAsync("patch", "pod", "web-1", "-n", "shop", "--subresource=status", "--type=merge", "-p", $$$$"""
            {"status": {"phase": "Running", "containerStatuses": [{"name": "app", "image": "web", "imageID": "", "ready": true, "restartCount": 0, "state": {"running": {"startedAt": "{{{{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}}}"}}}]}}
            """)).MustSucceed();
    }

    private async Task PrepareFleetAsync()
    {
        await fleet.MakeClusterAsync("team-a", "web");
        (await fleet.KubectlAsync("annotate", "cld", "web", "-n", "team-a", "fleet/collection=agent")).MustSucceed();
        (await fleet.KubectlAsync("apply", "-f", folder.Write("prices.yaml", """
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: PriceSheet
            metadata: {name: usual}
            spec: {currency: EUR, periods: [{validFrom: "2020-01-01T00:00:00Z", nodes: [{cpuCoreHour: 300, ramGibHour: 40}]}]}
            """))).MustSucceed();
        await fleet.ActAsAsync("team-a", "create,list,delete");
        folder.Write("token", (string)(await fleet.TokensAsync(HttpMethod.Post, "team-a/web")).Answer!["token"]!);
        (await fleet.KubectlAsync("create", "serviceaccount", "reader", "-n", "team-a")).MustSucceed();
        (await fleet.KubectlAsync("create", "clusterrole", "reader", "--verb=get", "--resource=clusterdeployments.k0rdent.mirantis.com/telemetry,clusterdeployments.k0rdent.mirantis.com/costs")).MustSucceed();
        (await fleet.KubectlAsync("create", "clusterrolebinding", "reader", "--clusterrole=reader", "--serviceaccount=team-a:reader")).MustSucceed();
        user = (await fleet.KubectlAsync("create", "token", "reader", "-n", "team-a")).MustSucceed().Out.Trim();
    }

    private async Task StartAgentAsync()
    {
        var program = Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "Observability", "release", "Fleet.Observability.dll");
        agent = await ServerProcess.StartAsync("fleet-agent", "dotnet", [
            program, "agent", "--fleet", fleet.Client.BaseAddress!.AbsoluteUri, "--token-file", folder.File("token"), "--queue", folder.File("queue"), "--every", "1s", "--kubeconfig", account,
            "--urls", client.BaseAddress!.AbsoluteUri]);
        await agent.WaitUntilAsync(async ct => (await client.GetAsync(new Uri("/readyz", UriKind.Relative), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
    }

    private async Task EventAsync(string message, DateTimeOffset at)
    {
        var time = at.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        (await InManagedAsync("create", "-f", folder.Write("event.yaml", $$"""
            apiVersion: v1
            kind: Event
            metadata: {name: {{message}}, namespace: shop}
            involvedObject: {kind: Pod, namespace: shop, name: web-1}
            reason: Tested
            message: {{message}}
            type: Warning
            firstTimestamp: "{{time}}"
            lastTimestamp: "{{time}}"
            """))).MustSucceed();
    }

    private Task<ProcessOutput> InManagedAsync(params string[] arguments) => ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", managed.KubeconfigPath, .. arguments]);

    private Task<ProcessOutput> AsAgentAsync(params string[] arguments) => ProcessOutput.RunAsync(RealParts.Kubectls[0].Path, ["--kubeconfig", account, .. arguments]);

    private async Task<JsonNode> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", user) } };
        using var response = await fleet.Client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private async Task UntilAsync(string path, Func<JsonNode, bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (JsonNode answer; !reached(answer = await GetAsync(path));)
        {
            Assert.False(limit.IsCancellationRequested, answer.ToJsonString());
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task UntilMetricAsync(string series, Func<double, bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
            if (line is not null && reached(double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture)))
                return;
            Assert.False(limit.IsCancellationRequested, text);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }
}
