using System.Globalization;
using Fleet.Cost;
using Fleet.Cost.Allocations;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ledger;

/// <summary>What is asked of the ledger, as SQL. Days come from roll-ups, what is left of the window from hours.</summary>
internal sealed class LedgerQuestion(LedgerMoment moment, QueryWindow window, TimeSpan step, IReadOnlyCollection<string>? clusters, LedgerDetail detail, LedgerSpan span)
{
    private const string Amounts =
        "cpu_hours, cpu_requested, cpu_used, cpu_cost, ram_hours, ram_requested, ram_used, ram_cost, gpu_hours, gpu_requested, gpu_cost, balancer_cost, missing, transfer_bytes, receive_bytes, network_cost";

    private const string Sums =
        """
        min(started) AS started, max(ended) AS ended, sum(cpu_hours) AS cpu_hours, sum(cpu_requested) AS cpu_requested, sum(cpu_used) AS cpu_used, sum(cpu_cost) AS cpu_cost,
        sum(ram_hours) AS ram_hours, sum(ram_requested) AS ram_requested, sum(ram_used) AS ram_used, sum(ram_cost) AS ram_cost, sum(gpu_hours) AS gpu_hours, sum(gpu_requested) AS gpu_requested,
        sum(gpu_cost) AS gpu_cost, sum(balancer_cost) AS balancer_cost, bit_or(missing) AS missing, sum(transfer_bytes) AS transfer_bytes, sum(receive_bytes) AS receive_bytes,
        sum(network_cost) AS network_cost
        """;

    public LedgerDetail Detail => detail;

    public static async Task<LedgerQuestion> AskAsync(
        LedgerMoment moment, QueryWindow window, TimeSpan step, IReadOnlyCollection<string>? clusters, LedgerDetail detail, CancellationToken ct)
    {
        var (end, since) = await KnownAsync(moment.At(0), ct);
        var span = LedgerSpan.Of(window, step, end);
        if (span.Hours.FirstOrDefault(hours => hours.Start < since) is { Duration.Ticks: > 0 })
            throw new CostQueryException(string.Create(CultureInfo.InvariantCulture,
                $"hours before {since:yyyy-MM-dd} are no longer kept, only days in UTC: let the window and its steps begin at midnight in UTC and be of whole days"));
        return new(moment, window, step, clusters, detail, span);
    }

    public QueryWindow StepAt(DateTimeOffset start) => new(start, start + step < window.End ? start + step : window.End);

    /// <summary>Rows of items; at the coarser levels what is read from days is added up by namespace or cluster.</summary>
    public NpgsqlCommand Rows()
    {
        var command = Command(0);
        var hours = Hours(command, "cost_hours", $"currency, item, {LedgerSpan.Started} AS started, {LedgerSpan.Ended} AS ended, {Amounts}", OfItems).ToList();
        var parts = new List<string>();
        if (detail == LedgerDetail.Containers)
            hours.AddRange(Days(command, "cost_days", $"currency, item, started, ended, {Amounts}", OfItems));
        else if (Days(command, "cost_namespace_days", $"currency, cluster_uid, kind, cluster, node, namespace, controller_kind, controller, pod, container, services, started, ended, {Amounts}", OfClusters) is [var days])
            parts.Add(detail == LedgerDetail.Clusters
                ? $"""
                    SELECT step, currency, NULL::bigint AS item, {Sums}, kind, concat_ws('/', cluster, kind) AS name, cluster, {Common("node")}, {Common("namespace")}, {Common("controller_kind")},
                        {Common("controller")}, {Common("pod")}, {Common("container")}, CASE WHEN min(services) = max(services) THEN min(services) ELSE ARRAY[]::text[] END AS services, '' AS labels, '' AS annotations
                    FROM ({days}) d GROUP BY step, currency, kind, cluster
                    """
                : $"""
                    SELECT step, currency, NULL::bigint AS item, {(IsByDay ? $"started, ended, {Amounts}" : Sums)}, kind,
                        concat_ws('/', cluster, kind, namespace, node, controller_kind, controller, pod, container, services::text) AS name, cluster, node, namespace,
                        controller_kind, controller, pod, container, services, '' AS labels, '' AS annotations
                    FROM ({days}) d{(IsByDay ? "" : " GROUP BY step, currency, cluster_uid, kind, cluster, node, namespace, controller_kind, controller, pod, container, services")}
                    """);
        if (hours.Count > 0)
            parts.Add(
                $"""
                SELECT g.step, g.currency, g.item, g.started, g.ended, g.cpu_hours, g.cpu_requested, g.cpu_used, g.cpu_cost, g.ram_hours, g.ram_requested, g.ram_used, g.ram_cost,
                    g.gpu_hours, g.gpu_requested, g.gpu_cost, g.balancer_cost, g.missing, g.transfer_bytes, g.receive_bytes, g.network_cost,
                    i.kind, i.name, i.cluster, i.node, i.namespace, i.controller_kind, i.controller, i.pod, i.container, i.services, i.labels::text AS labels, i.annotations::text AS annotations
                FROM (SELECT step, currency, item, {Sums} FROM ({string.Join(" UNION ALL ", hours)}) s GROUP BY step, currency, item) g
                JOIN cost_items i ON i.id = g.item
                """);
        command.CommandText = string.Join(" UNION ALL ", parts);
        return command;
    }

    /// <summary>Parts of disks and load balancers: of items, or at the coarser levels of a namespace or cluster.</summary>
    public NpgsqlCommand Shares()
    {
        var command = Command(1);
        const string Columns = "currency, item, is_disk, asset, provider_id, amount, cost";
        var sources = string.Join(" UNION ALL ", [.. Hours(command, "cost_shares", Columns, OfItems), .. Days(command, "cost_share_days", Columns, OfItems)]);
        // Of one day there is a row for each already; what comes twice is added up by the reader.
        if (detail != LedgerDetail.Containers && IsByDay)
        {
            command.CommandText =
                $"SELECT s.step, s.currency, NULL::bigint, s.is_disk, s.asset, s.provider_id, s.amount, s.cost, i.cluster, i.kind, {(detail == LedgerDetail.Clusters ? "''" : "i.namespace")} FROM ({sources}) s JOIN cost_items i ON i.id = s.item";
            return command;
        }
        var items = $"""
            SELECT g.step, g.currency, g.item, g.is_disk, g.asset, g.provider_id, g.amount, g.cost, i.cluster, i.kind, i.namespace
            FROM (SELECT step, currency, item, is_disk, asset, max(provider_id) AS provider_id, sum(amount) AS amount, sum(cost) AS cost FROM ({sources}) s GROUP BY 1, 2, 3, 4, 5) g
            JOIN cost_items i ON i.id = g.item
            """;
        command.CommandText = detail switch
        {
            LedgerDetail.Containers => items,
            LedgerDetail.Namespaces =>
                $"SELECT step, currency, NULL::bigint, is_disk, asset, max(provider_id), sum(amount), sum(cost), cluster, kind, namespace FROM ({items}) n GROUP BY step, currency, is_disk, asset, cluster, kind, namespace",
            _ => $"SELECT step, currency, NULL::bigint, is_disk, asset, max(provider_id), sum(amount), sum(cost), cluster, kind, '' FROM ({items}) n GROUP BY step, currency, is_disk, asset, cluster, kind",
        };
        return command;
    }

    public NpgsqlCommand Assets()
    {
        var command = Command(2);
        var details = HasDetails ? "details" : "NULL::jsonb AS details";
        string Columns(string time) =>
            $"{time} AS at, currency, cluster, cluster_uid, kind, name, provider_id, {details}, hours, cpu_hours, ram_hours, gpu_hours, byte_hours, cpu_cost, ram_cost, gpu_cost, cost, discount, missing, byte_hours_used";
        var sources = string.Join(" UNION ALL ", [.. Hours(command, "cost_assets", Columns("hour"), OfClusters), .. Days(command, "cost_asset_days", Columns("day"), OfClusters)]);
        var assets =
            $"""
            SELECT step, currency, cluster, kind, name, provider_id, {(HasDetails ? "(array_agg(details ORDER BY at DESC))[1]::text" : "NULL::text")} AS details, sum(hours) AS hours, sum(cpu_hours) AS cpu_hours,
                sum(ram_hours) AS ram_hours, sum(gpu_hours) AS gpu_hours, sum(byte_hours) AS byte_hours, sum(cpu_cost) AS cpu_cost, sum(ram_cost) AS ram_cost, sum(gpu_cost) AS gpu_cost, sum(cost) AS cost,
                discount, bit_or(missing) AS missing, sum(byte_hours_used) AS byte_hours_used
            FROM ({sources}) s
            GROUP BY step, currency, cluster_uid, cluster, kind, name, provider_id, discount
            """;
        // Idle of a cluster needs its nodes together, and a large fleet has many.
        command.CommandText = HasDetails ? assets :
            $"""
            SELECT step, currency, cluster, kind, {Joined} AS name, '', NULL::text, max(hours), sum(cpu_hours), sum(ram_hours),
                sum(gpu_hours), sum(byte_hours), sum(cpu_cost), sum(ram_cost), sum(gpu_cost), sum(cost), discount, bit_or(missing), sum(byte_hours_used)
            FROM ({(IsByDay ? sources : assets)}) a
            GROUP BY step, currency, cluster, kind, {Joined}, discount
            """;
        return command;
    }

    /// <summary>Load balancers and fees have a price by the hour, so that hours of several can not be one.</summary>
    private static string Joined { get; } = $"CASE WHEN kind IN ({(short)AssetKind.Node}, {(short)AssetKind.Disk}) THEN '' ELSE name END";

    /// <summary>A step is a day, and all of it is read from days: nothing is to be added up within one.</summary>
    private bool IsByDay => step == TimeSpan.FromDays(1) && span.Hours.Count == 0;

    private bool HasDetails => detail is LedgerDetail.Containers or LedgerDetail.Assets;

    /// <summary>In the order of bytes, which is the cheapest.</summary>
    private static string Common(string column) => $"CASE WHEN min({column} COLLATE \"C\") = max({column} COLLATE \"C\") THEN min({column} COLLATE \"C\") ELSE '' END AS {column}";

    private string OfItems => clusters is null ? "" : " AND item IN (SELECT id FROM cost_items WHERE cluster = ANY ($3))";

    private string OfClusters => clusters is null ? "" : " AND cluster = ANY ($3)";

    private List<string> Days(NpgsqlCommand command, string table, string columns, string condition) =>
        span.Days is { } days ? [$"SELECT date_bin($2, day, $1) AS step, {columns} FROM {table} WHERE day >= {Add(command, days.Start)} AND day < {Add(command, days.End)}{condition}"] : [];

    private IEnumerable<string> Hours(NpgsqlCommand command, string table, string columns, string condition) =>
        span.Hours.Select(hours => $"SELECT date_bin($2, hour, $1) AS step, {columns} FROM {table} WHERE hour >= {Add(command, hours.Start)} AND hour < {Add(command, hours.End)}{condition}").ToList();

    private NpgsqlCommand Command(int question)
    {
        var command = new NpgsqlCommand { Connection = moment.At(question) };
        command.Parameters.AddWithValue(window.Start.UtcDateTime);
        command.Parameters.AddWithValue(step);
        command.Parameters.Add(new() { Value = clusters?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return command;
    }

    private static string Add(NpgsqlCommand command, DateTimeOffset time)
    {
        command.Parameters.AddWithValue(time.UtcDateTime);
        return $"${command.Parameters.Count}";
    }

    /// <summary>Where rows end, and from when on hours are kept.</summary>
    private static async Task<(DateTimeOffset? End, DateTimeOffset? HoursSince)> KnownAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT (SELECT max(seen_until) FROM cost_clusters), (SELECT since FROM cost_kept WHERE what = 'hours')", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (At(0), At(1));

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : new(reader.GetDateTime(column), TimeSpan.Zero);
    }
}
