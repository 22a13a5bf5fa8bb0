using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.ControlPlane.Hosting;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>
/// What replicas write to: the management cluster (kube-apiserver with etcd), PostgreSQL, and the managed clusters, which one embedded server has. All on loopback.
/// </summary>
internal sealed partial class LaboratoryServers : IAsyncDisposable
{
    /// <summary>To which clusters are pinned.</summary>
    public const string Pool = "east";

    private const string Table =
        """
        CREATE TABLE counts (id bigint GENERATED ALWAYS AS IDENTITY, cluster text PRIMARY KEY, count bigint NOT NULL, epoch bigint NOT NULL, applied text NOT NULL, version bigint NOT NULL)
        """;

    private static int namespaces;

    private readonly Dictionary<string, IKubernetesClient> clients = [];
    private readonly bool isOwn;
    private readonly ControlPlaneHost managed;
    private readonly string rows;

    private LaboratoryServers(RealApiServer api, PrivatePostgres postgres, ControlPlaneHost managed, string rows, bool isOwn)
    {
        (Api, Postgres, this.managed, this.rows, this.isOwn) = (api, postgres, managed, rows, isOwn);
        // One that may be killed is given up soon; one that nobody kills is only slow.
        Client = KubernetesClient.Create(KubeConfig.FollowEndpoint(api.KubeconfigPath, null), new() { Timeout = TimeSpan.FromSeconds(isOwn ? 5 : 60) });
    }

    public RealApiServer Api { get; }

    public PrivatePostgres Postgres { get; }

    public IKubernetesClient Client { get; }

    public string Namespace { get; } = $"laboratory-{Interlocked.Increment(ref namespaces)}";

    public IReadOnlyList<string> Clusters { get; private set; } = [];

    /// <summary>The servers' ports on loopback.</summary>
    public IReadOnlyDictionary<string, int> Ports => new Dictionary<string, int>
    {
        [FaultPlan.Management] = Api.Server.Port, [FaultPlan.Postgres] = Postgres.Port, [FaultPlan.Clusters] = managed.Address.Port,
    };

    /// <param name="clusters">How many.</param>
    /// <param name="isOwn">Whether the servers may be killed; else they are those of all tests of this process.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<LaboratoryServers> StartAsync(int clusters, bool isOwn, CancellationToken ct)
    {
        var api = isOwn ? await RealApiServer.StartAsync(withControllers: false) : await RealApiServer.SharedAsync();
        var postgres = isOwn ? await PrivatePostgres.StartAsync() : await PrivatePostgres.SharedAsync();
        var managed = await ControlPlaneHost.StartAsync(new() { InMemory = true }, ct);
        var servers = new LaboratoryServers(api, postgres, managed, await postgres.NewDatabaseAsync(), isOwn);
        await servers.SqlAsync(Table);
        await servers.Client.Resource(CoreTypes.Namespaces).CreateAsync(new() { Metadata = new() { Name = servers.Namespace } }, ct);
        servers.Clusters = [.. Enumerable.Range(0, clusters).Select(i => $"cluster-{i}")];
        await DeclaredClusters.ServeAsync(servers.Client, ct);
        foreach (var cluster in servers.Clusters)
        {
            await servers.CreateClusterAsync(cluster, ct);
            await DeclaredClusters.DeclareAsync(servers.Client, new(servers.Namespace, cluster), "cluster", cluster, ct);
        }
        return servers;
    }

    /// <summary>A managed cluster, and the object that says that it is to be counted in.</summary>
    public async Task CreateClusterAsync(string cluster, CancellationToken ct)
    {
        managed.Clusters.Add(cluster);
        await Client.Resource(CoreTypes.ConfigMaps).CreateAsync(new() { Metadata = new() { Name = cluster, Namespace = Namespace, Labels = new() { ["counted"] = "true" } } }, ct);
    }

    /// <summary>Some of the clusters belong to the pool from now on, and no others.</summary>
    /// <param name="which">Between 0 and 1: a bit for each cluster.</param>
    /// <param name="ct">Gives up.</param>
    public async Task PinAsync(double which, CancellationToken ct)
    {
        var bits = (long)(which * (1L << Clusters.Count));
        var pinned = string.Join(", ", Clusters.Where((_, place) => (bits >> place & 1) == 1).Append("none"));
        for (var attempt = 1; ; attempt++)
            try
            {
                await DeclaredClusters.PinAsync(Client, Namespace, $"- {{pool: {Pool}, clusterSelector: {{matchExpressions: [{{key: cluster, operator: In, values: [{pinned}]}}]}}}}", ct);
                return;
            }
            catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException && attempt < 5)
            {
                // A server that has just come back.
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ct);
            }
    }

    public Task<bool> DeleteAsync(string cluster, CancellationToken ct) => Client.Resource(CoreTypes.ConfigMaps).DeleteAsync(new(Namespace, cluster), new(), ct);

    /// <summary>What people change.</summary>
    public async Task WantAsync(string cluster, string value, CancellationToken ct) =>
        await Client.Resource(CoreTypes.ConfigMaps).PatchAsync(new(Namespace, cluster), Patch.Merge(new() { ["data"] = new System.Text.Json.Nodes.JsonObject { ["wanted"] = value } }), PatchOptions.Default, ct);

    /// <param name="folder">Where the files go.</param>
    /// <param name="addressOf">Of a server, as the replicas reach it.</param>
    /// <returns>Kubeconfig of the management cluster, folder of those of the managed ones, and the connection string.</returns>
    public (string Management, string Clusters, string Rows) WriteAccess(TemporaryFolder folder, Func<string, string> addressOf)
    {
        foreach (var cluster in Clusters)
            folder.Write($"clusters/{cluster}.kubeconfig", At(managed.Clusters.AdminKubeconfig(cluster), addressOf(FaultPlan.Clusters)));
        var management = folder.Write("management.kubeconfig", At(File.ReadAllText(Api.KubeconfigPath), addressOf(FaultPlan.Management)));
        var database = rows.Replace("Host=127.0.0.1", $"Host={addressOf(FaultPlan.Postgres)}", StringComparison.Ordinal);
        return (management, folder.File("clusters"), $"{database};Timeout=3;Command Timeout=4;Cancellation Timeout=1000");
    }

    /// <summary>What every store has of every cluster.</summary>
    public async Task<IReadOnlyList<StoredCount>> ReadAsync(CancellationToken ct)
    {
        var maps = await Client.Resource(CoreTypes.ConfigMaps).ListAsync(new() { Namespace = Namespace, LabelSelector = "counted" }, ct);
        List<StoredCount> all = [.. maps.Items.Select(map => From("api", map.Metadata.Name!, map))];
        foreach (var cluster in Clusters)
            if (await ClientOf(cluster).Resource(CoreTypes.ConfigMaps).GetAsync(new("default", $"count-{cluster}"), ct) is { } map)
                all.Add(From("clusters", cluster, map));
        foreach (var line in (await SqlAsync("SELECT cluster, count, epoch, id, applied FROM counts")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.Split('|') is [var cluster, var count, var epoch, var id, var applied])
                all.Add(new("rows", cluster, Number(count), Number(epoch), id, applied));
        return all;
    }

    /// <summary>Forgets all of etcd's history: who was watching from before has to list again.</summary>
    public async Task CompactAsync(CancellationToken ct)
    {
        using var etcd = new HttpClient { BaseAddress = Api.Etcd };
        using var range = await etcd.PostAsync(new Uri("/v3/kv/range", UriKind.Relative), new StringContent("{\"key\": \"AA==\"}"), ct);
        var revision = JsonDocument.Parse(await range.Content.ReadAsStringAsync(ct)).RootElement.GetProperty("header").GetProperty("revision").GetString();
        using var compacted = await etcd.PostAsync(new Uri("/v3/kv/compaction", UriKind.Relative), new StringContent($$"""{"revision": "{{revision}}", "physical": true}"""), ct);
        var said = await compacted.Content.ReadAsStringAsync(ct);
        // Nothing may have been written since the last time, while nobody reached it.
        if (!compacted.IsSuccessStatusCode && !said.Contains("required revision has been compacted", StringComparison.Ordinal))
            throw new HttpRequestException($"etcd does not forget its history: {(int)compacted.StatusCode} {said}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values.Append(Client))
            client.Dispose();
        await managed.DisposeAsync();
        if (!isOwn)
            return;
        await Api.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private IKubernetesClient ClientOf(string cluster)
    {
        if (clients.TryGetValue(cluster, out var known))
            return known;
        return clients[cluster] = KubernetesClient.Create(KubeConfig.Parse(managed.Clusters.AdminKubeconfig(cluster), cluster).Endpoint());
    }

    private async Task<string> SqlAsync(string sql)
    {
        var database = rows.Split(';').First(p => p.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];
        return (await ProcessOutput.RunAsync(
            Path.Combine(RealParts.PostgresBin, "psql"), ["-h", "127.0.0.1", "-p", $"{Postgres.Port}", "-U", "fleet", "-d", database, "-qAtc", sql])).MustSucceed().Out;
    }

    /// <summary>The same server under another address, and under the name in its certificate.</summary>
    private static string At(string kubeconfig, string address) => Server().Replace(kubeconfig, match => $"{match.Groups[1].Value}server: https://{address}:{match.Groups[2].Value}\n{match.Groups[1].Value}tls-server-name: localhost");

    [GeneratedRegex(@"^( *)server: ""?https://127\.0\.0\.1:([^\s""]+)""?$", RegexOptions.Multiline)]
    private static partial Regex Server();

    private static StoredCount From(string store, string cluster, ConfigMap map) =>
        new(store, cluster, Number(map.Data?.GetValueOrDefault("count") ?? "0"), Number(map.Data?.GetValueOrDefault("epoch") ?? "0"), map.Metadata.Uid, map.Data?.GetValueOrDefault("applied"));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
