using System.Diagnostics;
using System.Globalization;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Reliability.Tests.Laboratory;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Reliability.Tests;

/// <summary>Several replicas as processes over one API server, in a namespace of their own, with clusters that they count in.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private static int namespaces;

    private readonly TemporaryFolder folder = new("replicas");
    private readonly Dictionary<string, ServerProcess> running = [];
    private readonly double leaseSeconds;
    private readonly IApiServerFixture server;

    private Replicas(IApiServerFixture server, double leaseSeconds)
    {
        (this.server, this.leaseSeconds) = (server, leaseSeconds);
        Client = KubernetesClient.Create(KubeConfig.FollowEndpoint(server.KubeconfigPath, null));
    }

    public IKubernetesClient Client { get; }

    public string Namespace { get; } = $"replicas-{Interlocked.Increment(ref namespaces)}";

    public IReadOnlyList<string> Clusters { get; private set; } = [];

    public static async Task<Replicas> StartAsync(string apiServer, int clusters, double leaseSeconds, params string[] names)
    {
        var all = new Replicas(await ApiServers.SharedAsync(apiServer), leaseSeconds);
        await all.Client.Resource(CoreTypes.Namespaces).CreateAsync(new() { Metadata = new() { Name = all.Namespace } }, Ct);
        all.Clusters = [.. Enumerable.Range(0, clusters).Select(i => $"cluster-{i}")];
        foreach (var name in all.Clusters)
            await all.Client.Resource(CoreTypes.ConfigMaps).CreateAsync(new() { Metadata = new() { Name = name, Namespace = all.Namespace, Labels = new() { ["counted"] = "true" } } }, Ct);
        foreach (var name in names)
            await all.StartReplicaAsync(name);
        return all;
    }

    /// <param name="name">The new replica.</param>
    /// <param name="announce">Whether it says where it serves, so that others notice its death at once.</param>
    /// <param name="pool">The pool that it belongs to.</param>
    public async Task StartReplicaAsync(string name, bool announce = true, string? pool = null) => running[name] = await ServerProcess.StartAsync(
        $"replica-{name}",
        "dotnet",
        [
            Path.Combine(TestLogs.RepositoryRoot, "artifacts", "bin", "ReplicaProcess", "release", "Fleet.ReplicaProcess.dll"),
            server.KubeconfigPath, Namespace, name, folder.File($"history-{name}"), leaseSeconds.ToString(CultureInfo.InvariantCulture), announce ? "announce" : "",
        ],
        new Dictionary<string, string?> { ["FLEET_REPLICA_POOL"] = pool });

    /// <summary>KILL, STOP, CONT or TERM.</summary>
    public async Task SignalAsync(string name, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{running[name].Id}"]);
        await kill.WaitForExitAsync(Ct);
        Assert.Equal(0, kill.ExitCode);
    }

    public bool HasEnded(string name) => running[name].HasExited;

    public IReadOnlyList<WriteRecord> History() => [.. running.Keys.SelectMany(name => WriteRecord.Read(folder.File($"history-{name}")))];

    /// <summary>The owner of each cluster as its last acknowledged write has it.</summary>
    public Dictionary<string, WriteRecord> LastWrites() => History().Where(r => r.What == "done").GroupBy(r => r.Cluster).ToDictionary(g => g.Key, g => g.MaxBy(r => r.Count)!);

    /// <summary>Until every cluster has been written by one of these since now.</summary>
    public Task<TimeSpan> UntilOwnedByAsync(params string[] names) => UntilOwnedByAsync(_ => names);

    /// <summary>The same with other owners for each cluster.</summary>
    public async Task<TimeSpan> UntilOwnedByAsync(Func<string, IReadOnlyCollection<string>> namesFor)
    {
        var watch = Stopwatch.StartNew();
        var before = LastWrites().ToDictionary(w => w.Key, w => w.Value.Count);
        await UntilAsync(
            () =>
            {
                var now = LastWrites();
                return Clusters.All(c => now.TryGetValue(c, out var last) && last.Count > before.GetValueOrDefault(c) && namesFor(c).Contains(last.Replica));
            },
            () => $"clusters that are owned by others: {string.Join(", ", LastWrites().Where(w => !namesFor(w.Key).Contains(w.Value.Replica)).Select(w => $"{w.Key} ({w.Value.Replica})").Take(10))}");
        return watch.Elapsed;
    }

    public static async Task UntilAsync(Func<bool> there, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!there())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"not within two minutes: {otherwise()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }

    /// <summary>Everything that ever happened here went by the rules.</summary>
    public async Task CheckAsync()
    {
        // Nobody goes on while this is read. Killed, not asked to end: what is on its way stays so.
        foreach (var process in running.Values)
            await process.KillAsync();
        var maps = await Client.Resource(CoreTypes.ConfigMaps).ListAsync(new() { Namespace = Namespace, LabelSelector = "counted" }, Ct);
        Assert.Empty(HistoryChecker.Check(History(), [.. maps.Items.Select(m => new StoredCount("api", m.Metadata.Name!, Number(m, "count"), Number(m, "epoch"), m.Metadata.Uid))]));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running.Values)
            await process.DisposeAsync();
        folder.Dispose();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static long Number(ConfigMap map, string key) => long.Parse(map.Data?.GetValueOrDefault(key) ?? "0", CultureInfo.InvariantCulture);
}
