using System.Text;
using Fleet.Bench.Runner;
using Fleet.Testing.ApiServers;

namespace Fleet.Bench.ControlPlane;

/// <summary>
/// The embedded API server against a real kube-apiserver with etcd: the same requests from the same client in turns, both durable with fsync.
/// Rates are per second of wall time. CPU is that of the server's processes; on a machine that others use as well it is the steadier figure.
/// </summary>
internal sealed class ApiServer : IBenchmark
{
    private const int Rounds = 5;
    private const int ConfigMapsEach = 1_000;
    private const int DeploymentsEach = 500;
    private const int UpdatesEach = 1_000;
    private const int ListsEach = 10;
    private const int Watchers = 100;
    private const int EventsEach = 150;

    private readonly List<BenchResult> _results = [];

    public string Name => "api-server";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        await using var embedded = await EmbeddedProcess.StartAsync();
        await using var real = await RealApiServer.StartAsync(withControllers: false, durable: true);
        using var ours = new MeasuredServer(embedded.KubeconfigPath, [embedded.Id]);
        using var theirs = new MeasuredServer(real.KubeconfigPath, real.ProcessIds);
        foreach (var server in (MeasuredServer[])[ours, theirs]) await WarmUpAsync(server, ct);

        // 5,000 ConfigMaps in the end: what the lists return.
        await CompareAsync("creates of ConfigMaps of 1 KiB", "requests",
            (s, round) => ApiLoad.WriteAsync(s, HttpMethod.Post, Many(ConfigMapsEach, i => ApiLoad.ConfigMap(round * ConfigMapsEach + i, 0, create: true)), ct));
        await CompareAsync("creates of Deployments of 3 KiB", "requests",
            (s, round) => ApiLoad.WriteAsync(s, HttpMethod.Post, Many(DeploymentsEach, i => ApiLoad.Deployment(round * DeploymentsEach + i, 0, create: true)), ct));
        await CompareAsync("updates of ConfigMaps of 1 KiB", "requests",
            (s, round) => ApiLoad.WriteAsync(s, HttpMethod.Put, Many(UpdatesEach, i => ApiLoad.ConfigMap(i, round + 1, create: false)), ct));
        await CompareAsync("updates of Deployments of 3 KiB", "requests",
            (s, round) => ApiLoad.WriteAsync(s, HttpMethod.Put, Many(DeploymentsEach, i => ApiLoad.Deployment(i, round + 1, create: false)), ct));
        await CompareAsync("lists of 5,000 ConfigMaps", "requests", (s, _) => ApiLoad.ListAsync(s, ListsEach, gzip: false, ct));
        await CompareAsync("lists of 5,000 ConfigMaps, compressed", "requests", (s, _) => ApiLoad.ListAsync(s, ListsEach, gzip: true, ct));
        await CompareAsync("events to 100 watchers", "events",
            (s, round) => ApiLoad.FanOutAsync(s, Watchers, Many(EventsEach, i => ApiLoad.ConfigMap(i, round + 100, create: false)), ct));

        double own = ours.ResidentMebibytes, baseline = theirs.ResidentMebibytes;
        _results.Add(new("api-server/resident memory after all that", own, "MiB", baseline, own / baseline, "ratio <= 0.33", own / baseline <= 1 / 3d));
        return _results;

        async Task CompareAsync(string name, string unit, Func<MeasuredServer, int, Task<LoadFigures>> work)
        {
            LoadFigures mine = default, other = default;
            for (var round = 0; round < Rounds; round++)
            {
                // In turns, so that what else the machine does meets both.
                mine += await work(ours, round);
                other += await work(theirs, round);
            }
            Add(name, unit, mine, other);
        }
    }

    private void Add(string name, string unit, LoadFigures mine, LoadFigures other)
    {
        double rate = mine.Units / mine.Seconds, otherRate = other.Units / other.Seconds;
        _results.Add(new($"api-server/{name}", rate, $"{unit}/s", otherRate, rate / otherRate, "ratio >= 3", rate / otherRate >= 3));
        double cpu = mine.CpuSeconds / mine.Units * 1_000, otherCpu = other.CpuSeconds / other.Units * 1_000;
        _results.Add(new($"api-server/{name}, CPU", cpu, $"s/1k {unit}", otherCpu, cpu / otherCpu, "ratio <= 0.33", cpu / otherCpu <= 1 / 3d));
    }

    /// <summary>The namespace, and enough of each request that neither server is measured while it compiles or fills its caches.</summary>
    private static async Task WarmUpAsync(MeasuredServer server, CancellationToken ct)
    {
        const int Calls = 1_000;
        var body = Encoding.UTF8.GetBytes($$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{ApiLoad.Namespace}}"} }""");
        await server.SendAsync(HttpMethod.Post, "/api/v1/namespaces", body, ct);
        const int Beyond = 900_000;
        foreach (var make in (Func<int, int, bool, (string, byte[])>[])[ApiLoad.ConfigMap, ApiLoad.Deployment])
        {
            await ApiLoad.WriteAsync(server, HttpMethod.Post, Many(Calls, i => make(Beyond + i, 0, true)), ct);
            await ApiLoad.WriteAsync(server, HttpMethod.Put, Many(Calls, i => make(Beyond + i, 1, false)), ct);
            await ApiLoad.WriteAsync(server, HttpMethod.Delete, [.. Many(Calls, i => make(Beyond + i, 1, false)).Select(r => (r.Path, "{}"u8.ToArray()))], ct);
        }
        await ApiLoad.WriteAsync(server, HttpMethod.Post, Many(EventsEach, i => ApiLoad.ConfigMap(Beyond + i, 0, create: true)), ct);
        await ApiLoad.FanOutAsync(server, Watchers, Many(EventsEach, i => ApiLoad.ConfigMap(Beyond + i, 1, create: false)), ct);
        for (var gzip = 0; gzip < 2; gzip++) await ApiLoad.ListAsync(server, ListsEach, gzip == 1, ct);
        await ApiLoad.WriteAsync(server, HttpMethod.Delete, [.. Many(EventsEach, i => ApiLoad.ConfigMap(Beyond + i, 1, create: false)).Select(r => (r.Path, "{}"u8.ToArray()))], ct);
    }

    private static List<(string Path, byte[] Body)> Many(int count, Func<int, (string, byte[])> make) => [.. Enumerable.Range(0, count).Select(make)];
}
