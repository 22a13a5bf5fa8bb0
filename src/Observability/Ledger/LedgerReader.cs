using System.Text.Json;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>Costs of a window, added up in the database: what comes back has a row for each item and step, however many hours there are.</summary>
internal sealed class LedgerReader(LedgerConnections connections)
{
    /// <summary>Full hours of the window, in steps, for each currency. A step in which a currency has nothing has no set of it.</summary>
    /// <param name="window">Hours that begin in it.</param>
    /// <param name="step">Whole hours; at least the window's length for one set.</param>
    /// <param name="clusters">Names of the clusters that are looked at; null for all.</param>
    public async Task<IReadOnlyList<LedgerSet>> ReadAsync(QueryWindow window, TimeSpan step, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        // One moment for all of the questions: rows and assets that do not belong together would not add up.
        await using var transaction = await opened.Value.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var question = new Question(opened.Value, window, step, clusters);
        var shares = await SharesAsync(question, ct);
        var rows = await RowsAsync(question, shares, ct);
        var assets = await AssetsAsync(question, ct);
        return
        [
            .. rows.Keys.Union(assets.Keys).OrderBy(key => key.Start).ThenBy(key => key.Currency, StringComparer.Ordinal).Select(key =>
            {
                var span = question.StepAt(key.Start);
                return new LedgerSet(new(span, rows.GetValueOrDefault(key) ?? [], key.Currency), assets.GetValueOrDefault(key)?.ToSet(span, key.Currency) ?? new AssetSet(span, key.Currency));
            }),
        ];
    }

    /// <summary>Up to when each cluster's costs are there, by name, and why something may be missing.</summary>
    public async Task<IReadOnlyList<ClusterFreshness>> FreshnessAsync(CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT cluster, cluster_uid, seen_until, problems FROM cost_clusters ORDER BY cluster, cluster_uid", opened.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<ClusterFreshness>();
        while (await reader.ReadAsync(ct))
            found.Add(new(reader.GetString(0), reader.GetString(1), Time(reader, 2), (string[])reader[3]));
        return found;
    }

    private static async Task<Dictionary<SetKey, List<Allocation>>> RowsAsync(Question question, Dictionary<(SetKey, long), LedgerShares> shares, CancellationToken ct)
    {
        await using var command = question.Command(
            """
            SELECT g.step, g.currency, g.item, g.started, g.ended, g.cpu_hours, g.cpu_requested, g.cpu_used, g.cpu_cost, g.ram_hours, g.ram_requested, g.ram_used, g.ram_cost,
                g.gpu_hours, g.gpu_requested, g.gpu_cost, g.balancer_cost, g.missing,
                i.kind, i.name, i.cluster, i.node, i.namespace, i.controller_kind, i.controller, i.pod, i.container, i.services, i.labels, i.annotations
            FROM (SELECT date_bin($3, hour, $1) AS step, currency, item, min(hour + started * interval '1 second') AS started, max(hour + ended * interval '1 second') AS ended,
                    sum(cpu_hours) AS cpu_hours, sum(cpu_requested) AS cpu_requested, sum(cpu_used) AS cpu_used, sum(cpu_cost) AS cpu_cost,
                    sum(ram_hours) AS ram_hours, sum(ram_requested) AS ram_requested, sum(ram_used) AS ram_used, sum(ram_cost) AS ram_cost, sum(gpu_hours) AS gpu_hours,
                    sum(gpu_requested) AS gpu_requested, sum(gpu_cost) AS gpu_cost, sum(balancer_cost) AS balancer_cost, bit_or(missing) AS missing
                FROM cost_hours WHERE hour >= $1 AND hour < $2 GROUP BY 1, 2, 3) g
            JOIN cost_items i ON i.id = g.item
            WHERE $4::text[] IS NULL OR i.cluster = ANY ($4)
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var metadata = new LedgerMetadata();
        var rows = new Dictionary<SetKey, List<Allocation>>();
        while (await reader.ReadAsync(ct))
        {
            var key = new SetKey(Time(reader, 0), reader.GetString(1));
            if (!rows.TryGetValue(key, out var set))
                rows[key] = set = [];
            set.Add(Row(reader, question.StepAt(key.Start), shares.GetValueOrDefault((key, reader.GetInt64(2))), metadata));
        }
        return rows;
    }

    private static Allocation Row(NpgsqlDataReader reader, QueryWindow window, LedgerShares? shares, LedgerMetadata metadata)
    {
        var (start, end) = (Time(reader, 3), Time(reader, 4));
        var hours = (end - start).TotalHours;
        return new()
        {
            Name = reader.GetString(19),
            Kind = (AllocationKind)reader.GetInt16(18),
            Properties = new()
            {
                Cluster = reader.GetString(20), Node = reader.GetString(21), Namespace = reader.GetString(22), ControllerKind = reader.GetString(23), Controller = reader.GetString(24),
                Pod = reader.GetString(25), Container = reader.GetString(26), Services = (string[])reader[27], Labels = metadata.Of(reader.GetString(28)), Annotations = metadata.Of(reader.GetString(29)),
            },
            Window = window,
            Start = start,
            End = end,
            Cpu = Amount(5),
            Ram = Amount(9),
            Gpu = new() { Hours = reader.GetDouble(13), RequestAverage = Average(14), Cost = reader.GetDouble(15) },
            LoadBalancerCost = reader.GetDouble(16),
            MissingPrice = (MissingPrice)reader.GetInt16(17),
            Volumes = shares?.Volumes ?? new Dictionary<VolumeKey, VolumeShare>(),
            LoadBalancers = shares?.LoadBalancers ?? new Dictionary<string, LoadBalancerShare>(),
        };

        ComputeAmount Amount(int at) => new()
        {
            Hours = reader.GetDouble(at), RequestAverage = Average(at + 1), UsageAverage = Average(at + 2), Cost = reader.GetDouble(at + 3),
        };

        double Average(int at) => hours > 0 ? reader.GetDouble(at) / hours : 0;
    }

    private static async Task<Dictionary<(SetKey, long), LedgerShares>> SharesAsync(Question question, CancellationToken ct)
    {
        await using var command = question.Command(
            """
            SELECT g.step, g.currency, g.item, g.is_disk, g.asset, g.provider_id, g.amount, g.cost, i.cluster
            FROM (SELECT date_bin($3, hour, $1) AS step, currency, item, is_disk, asset, max(provider_id) AS provider_id, sum(amount) AS amount, sum(cost) AS cost
                FROM cost_shares WHERE hour >= $1 AND hour < $2 GROUP BY 1, 2, 3, 4, 5) g
            JOIN cost_items i ON i.id = g.item
            WHERE $4::text[] IS NULL OR i.cluster = ANY ($4)
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<(SetKey, long), LedgerShares>();
        while (await reader.ReadAsync(ct))
        {
            var key = (new SetKey(Time(reader, 0), reader.GetString(1)), reader.GetInt64(2));
            if (!found.TryGetValue(key, out var shares))
                found[key] = shares = new();
            if (reader.GetBoolean(3))
                shares.Volumes[new(reader.GetString(8), reader.GetString(4))] = new(reader.GetDouble(6), reader.GetDouble(7), reader.GetString(5));
            else
                shares.LoadBalancers[$"{reader.GetString(8)}/{reader.GetString(4)}"] = new(reader.GetString(4), reader.GetDouble(7), reader.GetDouble(6)) { Ip = reader.GetString(5) };
        }
        return found;
    }

    private static async Task<Dictionary<SetKey, LedgerAssets>> AssetsAsync(Question question, CancellationToken ct)
    {
        await using var command = question.Command(
            """
            SELECT date_bin($3, hour, $1) AS step, currency, cluster, kind, name, provider_id, (array_agg(details ORDER BY hour DESC))[1]::text, sum(hours), sum(cpu_hours), sum(ram_hours), sum(gpu_hours),
                sum(byte_hours), sum(cpu_cost), sum(ram_cost), sum(gpu_cost), sum(cost), discount, bit_or(missing)
            FROM cost_assets WHERE hour >= $1 AND hour < $2 AND ($4::text[] IS NULL OR cluster = ANY ($4))
            GROUP BY step, currency, cluster_uid, cluster, kind, name, provider_id, discount
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<SetKey, LedgerAssets>();
        while (await reader.ReadAsync(ct))
        {
            var key = new SetKey(Time(reader, 0), reader.GetString(1));
            if (!found.TryGetValue(key, out var assets))
                found[key] = assets = new();
            assets.Add(reader, question.StepAt(key.Start));
        }
        return found;
    }

    private static DateTimeOffset Time(NpgsqlDataReader reader, int at) => new(reader.GetDateTime(at), TimeSpan.Zero);

    private readonly record struct SetKey(DateTimeOffset Start, string Currency);

    private sealed record Question(NpgsqlConnection Connection, QueryWindow Window, TimeSpan Step, IReadOnlyCollection<string>? Clusters)
    {
        public NpgsqlCommand Command(string sql)
        {
            var command = new NpgsqlCommand(sql, Connection);
            command.Parameters.AddWithValue(Window.Start.UtcDateTime);
            command.Parameters.AddWithValue(Window.End.UtcDateTime);
            command.Parameters.AddWithValue(Step);
            command.Parameters.Add(new() { Value = Clusters?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
            return command;
        }

        public QueryWindow StepAt(DateTimeOffset start) => new(start, start + Step < Window.End ? start + Step : Window.End);
    }
}

/// <summary>What workloads cost, and what is paid, in one step and currency.</summary>
internal sealed record LedgerSet(AllocationSet Allocations, AssetSet Assets);

/// <summary>How far the costs of a cluster reach.</summary>
/// <param name="Problems">Why something may be missing.</param>
internal sealed record ClusterFreshness(string Cluster, string ClusterUid, DateTimeOffset SeenUntil, IReadOnlyList<string> Problems);

/// <summary>Parts of disks and load balancers of one item.</summary>
internal sealed class LedgerShares
{
    public Dictionary<VolumeKey, VolumeShare> Volumes { get; } = [];

    public Dictionary<string, LoadBalancerShare> LoadBalancers { get; } = [];
}

/// <summary>Many rows have the same few sets of labels: each is read once.</summary>
internal sealed class LedgerMetadata
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> known = [];

    public IReadOnlyDictionary<string, string> Of(string json)
    {
        if (!known.TryGetValue(json, out var texts))
            known[json] = texts = JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        return texts;
    }
}
