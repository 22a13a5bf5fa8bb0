using System.Diagnostics;
using System.Text;

namespace Fleet.Bench.ControlPlane;

/// <summary>What one pass of a workload took: how many units of work, wall time and the server's CPU time.</summary>
internal readonly record struct LoadFigures(int Units, double Seconds, double CpuSeconds)
{
    public static LoadFigures operator +(LoadFigures a, LoadFigures b) => new(a.Units + b.Units, a.Seconds + b.Seconds, a.CpuSeconds + b.CpuSeconds);
}

/// <summary>The workloads, the same bytes to either server.</summary>
internal static class ApiLoad
{
    public const string Namespace = "bench";
    public const string ConfigMaps = $"/api/v1/namespaces/{Namespace}/configmaps";
    public const string Deployments = $"/apis/apps/v1/namespaces/{Namespace}/deployments";

    private const int Connections = 16;

    /// <summary>Sends all requests over a fixed number of connections.</summary>
    public static Task<LoadFigures> WriteAsync(
        MeasuredServer server, HttpMethod method, IReadOnlyList<(string Path, byte[] Body)> requests, CancellationToken ct) =>
        MeasureAsync(server, requests.Count, () => ShareOutAsync(requests.Count, Connections, i => server.SendAsync(method, requests[i].Path, requests[i].Body, ct)));

    public static Task<LoadFigures> ListAsync(MeasuredServer server, int times, bool gzip, CancellationToken ct)
    {
        // What an informer sends first: any state will do, so that the real server may answer from its cache.
        const string Path = ConfigMaps + "?resourceVersion=0";
        return MeasureAsync(server, times, () => ShareOutAsync(times, 2, async _ =>
        {
            var bytes = await server.ReadAsync(Path, gzip, ct);
            if (bytes < 10_000) throw new InvalidOperationException($"the list had only {bytes} bytes");
        }));
    }

    /// <summary>Updates objects while many watches are open, until every watch has had every event. A unit is one event at one watcher.</summary>
    public static async Task<LoadFigures> FanOutAsync(MeasuredServer server, int watchers, IReadOnlyList<(string Path, byte[] Body)> updates, CancellationToken ct)
    {
        var revision = (string)(await server.GetAsync(ConfigMaps + "?limit=1", ct))["metadata"]!["resourceVersion"]!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watches = await Task.WhenAll(Enumerable.Range(0, watchers)
            .Select(_ => server.WatchAsync($"{ConfigMaps}?watch=1&resourceVersion={revision}&timeoutSeconds=600", end.Token)));
        var counting = watches.Select(w => w.ReadEventsAsync(updates.Count, end.Token)).ToArray();
        var figures = await MeasureAsync(server, watchers * updates.Count, async () =>
        {
            await ShareOutAsync(updates.Count, Connections, i => server.SendAsync(HttpMethod.Put, updates[i].Path, updates[i].Body, ct));
            await Task.WhenAll(counting);
        });
        await end.CancelAsync();
        foreach (var watch in watches) watch.Dispose();
        return figures;
    }

    /// <summary>About 1 KiB of settings.</summary>
    public static (string Path, byte[] Body) ConfigMap(int number, int version, bool create)
    {
        var name = $"settings-{number:D6}";
        var settings = string.Join(',', Enumerable.Range(0, 16).Select(i => $"\"key-{i}\":\"value {i} of some length in version {version} of {name}\""));
        var body = $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","namespace":"{{Namespace}}","labels":{"app":"bench","shard":"{{number % 16}}"} },"data":{ {{settings}} } }""";
        return (create ? ConfigMaps : $"{ConfigMaps}/{name}", Encoding.UTF8.GetBytes(body));
    }

    /// <summary>About 3 KiB: two containers with environment, probe and resources, as a chart renders them.</summary>
    public static (string Path, byte[] Body) Deployment(int number, int version, bool create)
    {
        var name = $"service-{number:D6}";
        var environment = string.Join(',', Enumerable.Range(0, 10).Select(i => $$"""{"name":"SETTING_{{i}}","value":"a value of some length, version {{version}}"}"""));
        var containers = string.Join(',', Enumerable.Range(0, 2).Select(i => $$"""
            {"name":"container-{{i}}","image":"registry.example.com/team/service:1.2.{{version}}","args":["--listen=:8080","--log-level=info"],
            "ports":[{"name":"http","containerPort":{{8080 + i}},"protocol":"TCP"}],"env":[{{environment}}],
            "resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"} },
            "livenessProbe":{"httpGet":{"path":"/live","port":"http"},"periodSeconds":10,"failureThreshold":3},
            "volumeMounts":[{"name":"scratch","mountPath":"/tmp"}]}
            """));
        var body = $$"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{name}}","namespace":"{{Namespace}}","labels":{"app.kubernetes.io/name":"service","app.kubernetes.io/managed-by":"Helm"} },
            "spec":{"replicas":{{version % 5}},"selector":{"matchLabels":{"app":"{{name}}"} },"template":{"metadata":{"labels":{"app":"{{name}}"} },
            "spec":{"containers":[{{containers}}],"volumes":[{"name":"scratch","emptyDir":{} }]} } } }
            """;
        return (create ? Deployments : $"{Deployments}/{name}", Encoding.UTF8.GetBytes(body));
    }

    private static async Task<LoadFigures> MeasureAsync(MeasuredServer server, int units, Func<Task> work)
    {
        var cpu = server.CpuSeconds;
        var began = Stopwatch.GetTimestamp();
        await work();
        return new LoadFigures(units, Stopwatch.GetElapsedTime(began).TotalSeconds, server.CpuSeconds - cpu);
    }

    private static Task ShareOutAsync(int count, int workers, Func<int, Task> work)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            int i;
            while ((i = Interlocked.Increment(ref next)) < count) await work(i);
        })));
    }
}
