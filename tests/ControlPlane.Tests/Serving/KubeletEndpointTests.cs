using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;
using Fleet.Kubernetes.Objects;
using Fleet.Testing;
using Fleet.Testing.Processes;

namespace Fleet.ControlPlane.Tests.Serving;

/// <summary>metrics.k8s.io and the kubelets of a simulated cluster over HTTPS, well and broken.</summary>
public sealed class KubeletEndpointTests : IAsyncLifetime
{
    private const string Proxy = "/api/v1/nodes/work-1/proxy/";
    private const string Pods = "/apis/metrics.k8s.io/v1beta1/pods";
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Testing.Time.ManualTimeProvider clock = new(Start);
    private ControlPlaneHost host = null!;
    private FleetSimulation simulation = null!;
    private IClusterApi cluster = null!;
    private HttpClient admin = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(new() { Metrics = FleetSimulation.Metrics(clock), Clock = clock });
        simulation = await FleetSimulation.StartAsync(host.Clusters, new() { Timings = SimulationTimings.Instant }, clock, null, CancellationToken.None);
        cluster = await simulation.StartClusterAsync("work", 2, CancellationToken.None);
        await SimulationHarness.ApplyAsync(cluster, """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: disk, namespace: default}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
            """);
        await simulation.WhenIdle();
        await SimulationHarness.ApplyAsync(cluster, """
            apiVersion: v1
            kind: Pod
            metadata: {name: app, namespace: default, annotations: {simulation.fleet.dev/usage: daily}}
            spec:
              nodeName: work-1
              containers: [{name: main, image: "app:1", resources: {requests: {cpu: 500m, memory: 256Mi}, limits: {cpu: "1", memory: 512Mi}}}]
              volumes: [{name: data, persistentVolumeClaim: {claimName: disk}}]
            """);
        await simulation.WhenIdle();
        clock.Advance(TimeSpan.FromMinutes(10));
        admin = Client(host.Clusters.AdminKubeconfig("work"));
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await simulation.DisposeAsync();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("metrics/resource")]
    [InlineData("metrics/cadvisor")]
    [InlineData("metrics")]
    public async Task Kubelets_write_what_promtool_reads(string path)
    {
        var answer = await admin.GetAsync(Proxy + path);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        var told = await ProcessOutput.RunAsync(RealParts.Promtool, ["check", "metrics"], input: text);
        // 3 is for names that it would have chosen otherwise; what it cannot read is 1.
        Assert.True(told.ExitCode is 0 or 3, told.Error + text);
        Assert.DoesNotContain("error while linting", told.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_grow_by_the_rate_and_are_the_same_from_each_endpoint()
    {
        var before = await SampleAsync("metrics/resource", "container_cpu_usage_seconds_total{container=\"main\",namespace=\"default\",pod=\"app\"}");
        var node = await SampleAsync("metrics/resource", "node_cpu_usage_seconds_total");
        clock.Advance(TimeSpan.FromMinutes(1));
        var after = await SampleAsync("metrics/resource", "container_cpu_usage_seconds_total{container=\"main\",namespace=\"default\",pod=\"app\"}");

        Assert.Equal(60_000, after.Time - before.Time);
        Assert.InRange((after.Value - before.Value) / 60, 0.05, 1);
        Assert.InRange((await SampleAsync("metrics/resource", "node_cpu_usage_seconds_total")).Value - node.Value, after.Value - before.Value, 60 * 2);
        Assert.Contains($" {Number(after.Value)} ", Line(await TextAsync("metrics/cadvisor"), "container_cpu_usage_seconds_total{container=\"main\",cpu=\"total\","), StringComparison.Ordinal);
        var pod = (await JsonAsync(Proxy + "stats/summary"))["pods"]!.AsArray().OfType<JsonObject>().Single(p => p.Text("podRef", "name") == "app");
        Assert.Equal((long)(after.Value * 1e9), (long)pod.Items("containers").Single()["cpu"]!["usageCoreNanoSeconds"]!, 10.0);
        Assert.Equal(("data", "disk"), (pod.Items("volume").Single().Text("name"), pod.Items("volume").Single().Text("pvcRef", "name")));
        Assert.Equal((double)pod.Items("volume").Single()["usedBytes"]!, (await SampleAsync("metrics", "kubelet_volume_stats_used_bytes{namespace=\"default\",persistentvolumeclaim=\"disk\"}")).Value);
        Assert.Equal(pod.Text("podRef", "uid"), cluster.Get(CoreKinds.Pod, new("default", "app"))!.Uid());
        var brief = (await JsonAsync(Proxy + "stats/summary?only_cpu_and_memory=true"))["pods"]!.AsArray().OfType<JsonObject>().Single(p => p.Text("podRef", "name") == "app");
        Assert.Null(brief["network"]);
    }

    [Fact]
    public async Task A_nodes_counter_does_not_go_back_when_its_pods_do()
    {
        await TextAsync("metrics/resource");
        clock.Advance(TimeSpan.FromHours(5));
        var before = (await SampleAsync("metrics/resource", "node_cpu_usage_seconds_total")).Value;
        await cluster.DeleteAsync(CoreKinds.Pod, new("default", "app"), new() { GracePeriodSeconds = 0 }, CancellationToken.None);
        await simulation.WhenIdle();
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.InRange((await SampleAsync("metrics/resource", "node_cpu_usage_seconds_total")).Value - before, 0.5, 30);
    }

    [Fact]
    public async Task Only_those_who_may_proxy_to_nodes_reach_kubelets()
    {
        foreach (var (name, resource) in new[] { ("reader", "nodes"), ("scraper", "nodes/proxy") })
            await SimulationHarness.ApplyAsync(cluster, $$"""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: {{name}}}
                rules: [{apiGroups: [""], resources: [{{resource}}], verbs: [get]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: {{name}}}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{name}}}
                subjects: [{kind: User, name: {{name}}}]
                """);
        Assert.Equal(HttpStatusCode.Forbidden, (await AsAsync("reader", Proxy + "metrics/resource")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AsAsync("scraper", Proxy + "metrics/resource")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await AsAsync("scraper", Pods)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/v1/nodes/nobody/proxy/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(Proxy + "exec")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/v1/nodes/https:work-1:10250/proxy/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.NotImplemented, (await admin.PostAsync(Proxy + "run", null)).StatusCode);
    }

    [Fact]
    public async Task Without_a_metrics_server_the_group_is_not_there_and_kubelets_are()
    {
        Assert.Contains("metrics.k8s.io", await (await admin.GetAsync("/apis")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Break(new() { Mode = MetricsFaultMode.Off });
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync(Pods)).StatusCode);
        Assert.DoesNotContain("metrics.k8s.io", await (await admin.GetAsync("/apis")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(await TextAsync("metrics/resource"));
        cluster.Fault = null;
        var proxies = (await JsonAsync(Pods + "?labelSelector=k8s-app%3Dkube-proxy"))["items"]!.AsArray();
        Assert.Equal(["kube-proxy", "kube-proxy"], proxies.Select(p => (string?)p!["containers"]![0]!["name"]));
    }

    [Fact]
    public async Task Metrics_can_answer_late_wrongly_or_not()
    {
        Break(new() { Mode = MetricsFaultMode.Error });
        Assert.Equal(HttpStatusCode.InternalServerError, (await admin.GetAsync(Pods)).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await admin.GetAsync(Proxy + "metrics/cadvisor")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/api/v1/nodes")).StatusCode);

        Break(new() { Mode = MetricsFaultMode.Malformed });
        var told = await ProcessOutput.RunAsync(RealParts.Promtool, ["check", "metrics"], input: await TextAsync("metrics/cadvisor"));
        Assert.Equal(1, told.ExitCode);
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(() => JsonAsync(Proxy + "stats/summary"));
        await Assert.ThrowsAnyAsync<System.Text.Json.JsonException>(() => JsonAsync(Pods));

        Break(new() { Latency = TimeSpan.FromSeconds(20) });
        var slow = admin.GetAsync(Proxy + "metrics/resource");
        while (clock.PendingTimers == 0)
            await Task.Yield();
        Assert.False(slow.IsCompleted);
        while (!slow.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(20));
            await Task.WhenAny(slow, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
        }
        Assert.Equal(HttpStatusCode.OK, (await slow).StatusCode);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_shows_in_every_time_and_in_the_Date()
    {
        Break(new() { ClockSkew = TimeSpan.FromHours(-2) });
        var sample = await SampleAsync("metrics/resource", "node_cpu_usage_seconds_total");
        Assert.Equal(Start.AddMinutes(10).AddHours(-2).ToUnixTimeMilliseconds(), sample.Time);
        Assert.Equal("2026-11-01T10:10:00Z", (string?)(await JsonAsync(Pods))["items"]![0]!["timestamp"]);
        Assert.Equal(Start.AddMinutes(10).AddHours(-2), (await admin.GetAsync(Proxy + "healthz")).Headers.Date);
        Assert.Equal(Start.AddHours(-2).ToUnixTimeSeconds(), (await SampleAsync("metrics/resource", "container_start_time_seconds{container=\"main\"")).Value);
    }

    [Fact]
    public async Task Counters_begin_anew_when_that_is_asked_for()
    {
        Break(new() { ResetEvery = TimeSpan.FromMinutes(7) });
        const string Counter = "container_cpu_usage_seconds_total{container=\"main\"";
        var values = new List<double>();
        for (var i = 0; i < 15; i++)
        {
            values.Add((await SampleAsync("metrics/resource", Counter)).Value);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(2, values.Zip(values.Skip(1)).Count(pair => pair.Second < pair.First));
    }

    [Fact]
    public async Task A_node_that_lost_its_kubelet_has_no_figures()
    {
        await cluster.ChangeAsync(CoreKinds.Node, ObjectKey.Cluster("work-1"), n => Fleet.ControlPlane.ClusterApi.Faults.NodeFlapping.Write(n, up: false, clock.GetUtcNow()), status: true, CancellationToken.None);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await admin.GetAsync(Proxy + "metrics")).StatusCode);
        Assert.Equal(["work-0"], (await JsonAsync("/apis/metrics.k8s.io/v1beta1/nodes"))["items"]!.AsArray().Select(n => (string?)n!["metadata"]!["name"]));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/app")).StatusCode);
    }

    private void Break(MetricsFault fault) => cluster.Fault = new(ApiFaultMode.None, TimeSpan.Zero) { Metrics = fault };

    private async Task<string> TextAsync(string path) => await (await admin.GetAsync(Proxy + path)).Content.ReadAsStringAsync();

    private async Task<JsonObject> JsonAsync(string path) => (JsonObject)JsonNode.Parse(await (await admin.GetAsync(path)).Content.ReadAsStringAsync())!;

    private async Task<(double Value, long Time)> SampleAsync(string path, string series)
    {
        var parts = Line(await TextAsync(path), series).Split("} ")[^1].Split(' ');
        if (parts[0].Any(char.IsLetter) && !char.IsDigit(parts[0][0]))
            parts = parts[1..];
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    private static string Line(string text, string series) => text.Split('\n').Single(l => l.StartsWith(series, StringComparison.Ordinal));

    private static string Number(double value) => ControlPlane.Simulation.Kubelets.PrometheusText.Number(value);

    private Task<HttpResponseMessage> AsAsync(string user, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Impersonate-User", user);
        return admin.SendAsync(request);
    }

    private HttpClient Client(string kubeconfig)
    {
        var lines = kubeconfig.Split('\n').Select(l => l.Trim()).ToList();
        string Pem(string field) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(lines.First(l => l.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim()));
        var authority = X509CertificateLoader.LoadCertificateFromFile(host.CertificateAuthorityPath);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(Pem("client-certificate-data"), Pem("client-key-data"))];
        return new HttpClient(new Below("/clusters/work", handler)) { BaseAddress = host.Address };
    }

    private sealed class Below(string prefix, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new(request.RequestUri!.GetLeftPart(UriPartial.Authority) + prefix + request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
