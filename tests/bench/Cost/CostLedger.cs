using System.Globalization;
using Fleet.Observability.History;
using Fleet.Observability.Ledger;
using Fleet.Testing.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Bench.Cost;

/// <summary>A ledger of a size, in a PostgreSQL of its own: hours by COPY, days by the roll-ups of the product.</summary>
internal sealed class CostLedger : IAsyncDisposable
{
    private const int Namespaces = 8;
    private const int Nodes = 3;
    private const int Volumes = 10;

    private readonly PrivatePostgres postgres;
    private readonly NpgsqlDataSource source;

    private CostLedger(PrivatePostgres postgres, CostSize size)
    {
        this.postgres = postgres;
        Size = size;
        source = NpgsqlDataSource.Create(postgres.ConnectionString + ";Command Timeout=3600");
        Connections = new(new(new Contexts(postgres.ConnectionString)));
    }

    public static DateTimeOffset End { get; } = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    public CostSize Size { get; }

    public LedgerConnections Connections { get; }

    public DateTimeOffset Start => End.AddDays(-Size.Days);

    public static async Task<CostLedger> MakeAsync(CostSize size, CancellationToken ct)
    {
        var ledger = new CostLedger(await PrivatePostgres.StartAsync(), size);
        try
        {
            await ledger.FillAsync(ct);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    public static string NameOf(int cluster) => $"team-{cluster % 50}/c{cluster}";

    public async Task<double> SecondsAsync(string sql, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
        }
        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Of a table with its partitions and indexes, in GiB.</summary>
    public async Task<double> SizeOfAsync(string table, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT COALESCE(sum(pg_total_relation_size(inhrelid)), 0)::float8 / 1024 / 1024 / 1024 FROM pg_inherits WHERE inhparent = $1::regclass");
        command.Parameters.AddWithValue(table);
        return (double)(await command.ExecuteScalarAsync(ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await postgres.DisposeAsync();
    }

    private async Task FillAsync(CancellationToken ct)
    {
        await using (var opened = await Connections.OpenAsync(ct))
            await new LedgerPartitions().MakeAsync(opened.Value, [.. Enumerable.Range(0, Size.Days + 1).Select(day => Start.AddDays(day))], ct);
        var items = $"generate_series(0, {Size.Clusters - 1}) c, generate_series(0, {Size.Workloads - 1}) w";
        await RunAsync(
            $$"""
            INSERT INTO cost_items (id, digest, kind, cluster_uid, cluster, name, node, namespace, controller_kind, controller, pod, container, services, labels, annotations, last_hour)
            OVERRIDING SYSTEM VALUE
            SELECT c * {{Size.Workloads}} + w + 1, decode(md5(c || '/' || w), 'hex'), 0, 'uid-' || c, 'team-' || c % 50 || '/c' || c, 'c' || c || '/' || w, 'node-' || w % {{Nodes}}, 'ns-' || w % {{Namespaces}},
                'deployment', 'web-' || w, 'web-' || w || '-' || md5(c || '/' || w), 'app', ARRAY['web-' || w], jsonb_build_object('app', 'web-' || w, 'team', 'team-' || w % 12), '{}', '{{End.AddHours(-1):O}}'
            FROM {{items}};
            SELECT setval(pg_get_serial_sequence('cost_items', 'id'), {{(long)Size.Clusters * Size.Workloads}});
            INSERT INTO cost_clusters (cluster_uid, cluster, seen_until, problems) SELECT 'uid-' || c, 'team-' || c % 50 || '/c' || c, '{{End:O}}', '{}' FROM generate_series(0, {{Size.Clusters - 1}}) c;
            """, ct);
        await Parallel.ForEachAsync(Enumerable.Range(0, Size.Days), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct }, async (day, stop) => await FillAsync(Start.AddDays(day), stop));
        await RunAsync(
            $"""
            INSERT INTO cost_share_days SELECT d.day, c * {Size.Workloads} + v + 1, 'EUR', true, 'pv-' || v, '', 240e9, 0.03 + v * 0.001
            FROM generate_series(0, {Size.Clusters - 1}) c, generate_series(0, {Math.Min(Volumes, Size.Workloads) - 1}) v, generate_series('{Start:O}'::timestamptz, '{End.AddDays(-1):O}', '1 day') d (day);
            INSERT INTO cost_asset_days (day, currency, cluster_uid, kind, name, provider_id, discount, cluster, details, hours, cpu_hours, ram_hours, gpu_hours, byte_hours, cpu_cost, ram_cost, gpu_cost, cost, missing)
            SELECT d.day, 'EUR', 'uid-' || c, 0, 'node-' || n, '', 0, 'team-' || c % 50 || '/c' || c, '{JsonDetails}', 24, 768, 3e12, 0, 0, 24, 12, 0, 0, 0
            FROM generate_series(0, {Size.Clusters - 1}) c, generate_series(0, {Nodes - 1}) n, generate_series('{Start:O}'::timestamptz, '{End.AddDays(-1):O}', '1 day') d (day);
            """, ct);
        await RunAsync("VACUUM ANALYZE", ct);
    }

    private const string JsonDetails = """{"InstanceType":"m5.8xlarge","Pool":"","IsSpot":false,"Labels":{}}""";

    private async Task FillAsync(DateTimeOffset day, CancellationToken ct)
    {
        var name = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var copy = await connection.BeginBinaryImportAsync(
            $"COPY cost_hours_{name} (hour, item, currency, started, ended, cpu_hours, cpu_requested, cpu_used, cpu_cost, cpu_peak, ram_hours, ram_requested, ram_used, ram_cost, ram_peak, gpu_hours, gpu_requested, gpu_cost, balancer_cost, missing, transfer_bytes, receive_bytes, network_cost) FROM STDIN (FORMAT BINARY)", ct))
        {
            for (var hour = 0; hour < 24; hour++)
                for (long item = 1; item <= (long)Size.Clusters * Size.Workloads; item++)
                {
                    // Something that differs, and is the same in each run.
                    var used = (item * 31 + hour * 7 + day.DayOfYear) % 100 / 100.0;
                    var cpu = Math.Max(0.5, used);
                    await copy.StartRowAsync(ct);
                    await copy.WriteAsync(day.AddHours(hour).UtcDateTime, NpgsqlDbType.TimestampTz, ct);
                    await copy.WriteAsync(item, NpgsqlDbType.Bigint, ct);
                    await copy.WriteAsync("EUR", NpgsqlDbType.Text, ct);
                    foreach (var real in (ReadOnlySpan<float>)[0f, 3600f])
                        copy.Write(real, NpgsqlDbType.Real);
                    foreach (var amount in (ReadOnlySpan<double>)[cpu, 0.5, used, cpu * 0.0316])
                        copy.Write(amount, NpgsqlDbType.Double);
                    copy.Write((float)used, NpgsqlDbType.Real);
                    foreach (var amount in (ReadOnlySpan<double>)[2e9, 2e9, used * 2e9, 0.0078])
                        copy.Write(amount, NpgsqlDbType.Double);
                    copy.Write((float)(used * 2e9), NpgsqlDbType.Real);
                    foreach (var amount in (ReadOnlySpan<double>)[0, 0, 0, 0])
                        copy.Write(amount, NpgsqlDbType.Double);
                    copy.Write((short)0, NpgsqlDbType.Smallint);
                    foreach (var amount in (ReadOnlySpan<double>)[used * 1e6, used * 2e6, 0])
                        copy.Write(amount, NpgsqlDbType.Double);
                }
            await copy.CompleteAsync(ct);
        }
        // What the product rolls up in the transaction that added the hours.
        await using (var days = new NpgsqlCommand($"SET work_mem = '256MB'; {LedgerTables.Days.Rolled($"cost_hours_{name}")}", connection))
            await days.ExecuteNonQueryAsync(ct);
        await using var namespaces = new NpgsqlCommand(
            $"""
            INSERT INTO cost_namespace_days
            SELECT d.day, d.currency, i.cluster_uid, i.kind, i.namespace, max(i.cluster), '', 'deployment', '', '', 'app', ARRAY[]::text[], min(d.started), max(d.ended), sum(d.cpu_hours), sum(d.cpu_requested), sum(d.cpu_used),
                sum(d.cpu_cost), sum(d.ram_hours), sum(d.ram_requested), sum(d.ram_used), sum(d.ram_cost), sum(d.gpu_hours), sum(d.gpu_requested), sum(d.gpu_cost), sum(d.balancer_cost), bit_or(d.missing),
                sum(d.transfer_bytes), sum(d.receive_bytes), sum(d.network_cost)
            FROM cost_days d JOIN cost_items i ON i.id = d.item WHERE d.day = '{day:O}' GROUP BY 1, 2, 3, 4, 5
            """, connection);
        await namespaces.ExecuteNonQueryAsync(ct);
    }

    private async Task RunAsync(string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed class Contexts(string connectionString) : IDbContextFactory<HistoryContext>
    {
        public HistoryContext CreateDbContext() => new(new DbContextOptionsBuilder<HistoryContext>().UseNpgsql(connectionString).Options);
    }
}
