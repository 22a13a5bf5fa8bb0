using System.Diagnostics;
using System.Globalization;
using Fleet.Bench.Clusters;
using Fleet.Bench.ControlPlane;
using Fleet.Bench.Processes;
using Fleet.Bench.Runner;
using Fleet.Control.Clusters;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing;
using Fleet.Testing.Servers;
using Npgsql;

namespace Fleet.Bench.Collection;

/// <summary>
/// What collecting costs: Observability, a process of its own, watches simulated clusters, looks at their metrics API once a minute and writes its ledger, for five minutes. Beside it, in the same run:
/// a loop that gets the same documents as often and reads nothing of them. CPU is that of the processes; FLEET_BENCH_CLUSTERS sets the number of clusters, figures are for 1,000.
/// </summary>
internal sealed class CollectionCost : IBenchmark
{
    private const double MostPercent = 20;
    private const int BareRounds = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    /// <summary>As often as the ledger is written: one time is in it for each cluster.</summary>
    private static readonly TimeSpan Watching = TimeSpan.FromMinutes(5);

    public string Name => "collection";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken ct)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FLEET_BENCH_CLUSTERS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 1_000;
        using var folder = new TemporaryFolder("bench-collection");
        await using var api = await EmbeddedProcess.StartAsync(simulated: true);
        await using var repository = await HelmHttpRepository.StartAsync();
        await repository.AddAsync(Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "simulated-standalone-cp-0.1.0"));
        using var client = KubernetesClient.Create(KubeConfig.Parse(await File.ReadAllTextAsync(api.KubeconfigPath, ct), "bench").Endpoint());
        await using var fleet = await ManagedFleet.PrepareAsync(client, repository.Address, ct);
        await using (await FleetProgram.StartAsync("Fleet.ClusterManager.dll", new Dictionary<string, string?>
        {
            ["kubeconfig"] = api.KubeconfigPath, ["data"] = folder.File("manager"), ["helm"] = RealParts.Helm3.Path,
        }))
        {
            for (var i = 0; i < count; i++)
                await fleet.DeclareAsync(i, ct);
            await fleet.UntilReadyAsync(count, Patience, ct);
        }
        await using var postgres = await PrivatePostgres.StartAsync();
        var database = folder.File("database");
        await File.WriteAllTextAsync(database, postgres.ConnectionString, ct);
        await using var service = await FleetProgram.StartAsync("Fleet.Observability.dll", new Dictionary<string, string?> { ["kubeconfig"] = api.KubeconfigPath, ["postgres"] = database });
        await UntilWrittenAsync(postgres.ConnectionString, count, ct);
        await Task.Delay(Settling, TimeProvider.System, ct);

        var (before, apiBefore, began) = (service.Use, ProcessUse.Of(api.Id), Stopwatch.GetTimestamp());
        await Task.Delay(Watching, TimeProvider.System, ct);
        var (after, apiAfter, seconds) = (service.Use, ProcessUse.Of(api.Id), Stopwatch.GetElapsedTime(began).TotalSeconds);
        var bare = Percent(await BareAsync(client, count, ct), 60, count);
        var own = Percent(after.Own - before.Own, seconds, count);
        var faulty = await CountAsync(postgres.ConnectionString, "SELECT count(*) FROM cost_clusters WHERE jsonb_array_length(balance->'Faults') > 0", ct);
        return
        [
            new($"collection/CPU for 1,000 clusters ({count} measured)", own, "% of core", bare, own / bare, $"<= {MostPercent} %", own <= MostPercent),
            new("collection/API and simulation CPU for 1,000 clusters", Percent(apiAfter.Own - apiBefore.Own, seconds, count), "% of core", null, null, "-", true),
            new("collection/memory of the service", after.Resident, "MiB", null, null, "-", true),
            new("collection/clusters whose costs do not add up", faulty, "clusters", null, null, "0", faulty == 0),
        ];
    }

    private static double Percent(double cpu, double seconds, int count) => cpu / seconds * 100 * 1000 / count;

    private static async Task UntilWrittenAsync(string connectionString, int count, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (await CountAsync(connectionString, "SELECT count(*) FROM cost_clusters", ct) < count)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException("not every cluster has costs");
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
        }
    }

    private static async Task<long> CountAsync(string connectionString, string sql, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        try
        {
            return (long)(await command.ExecuteScalarAsync(ct))!;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The service makes its tables when it first needs them.
            return 0;
        }
    }

    /// <summary>CPU of a round over all clusters, in seconds; connections are kept, as the service keeps them, and the first round does not count.</summary>
    private static async Task<double> BareAsync(IKubernetesClient management, int count, CancellationToken ct)
    {
        var kubeconfigs = new Kubeconfigs(management);
        var clients = new List<KubernetesClient>();
        try
        {
            for (var i = 0; i < count; i++)
                clients.Add(KubernetesClient.Create(KubeConfig.Parse(
                    await kubeconfigs.FindAsync(new ObjectKey(ManagedFleet.Namespace, ManagedFleet.NameOf(i)), ct) ?? throw new InvalidOperationException("a cluster has no kubeconfig"), "bench").Endpoint()));
            var before = 0d;
            for (var round = 0; round <= BareRounds; round++)
            {
                if (round == 1)
                    before = ProcessUse.Of(Environment.ProcessId).Own;
                foreach (var client in clients)
                {
                    using var response = await client.GetRawAsync("/apis/metrics.k8s.io/v1beta1/pods", ct);
                    await (await response.Content.ReadAsStreamAsync(ct)).CopyToAsync(Stream.Null, ct);
                }
            }
            return (ProcessUse.Of(Environment.ProcessId).Own - before) / BareRounds;
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
