using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>What costs are of, each once.</summary>
internal static class LedgerItems
{
    /// <summary>Numbers of the items, by their keys; those that are new are made. Nearly all are known, so these are looked for first.</summary>
    /// <param name="items">With the hours in which they were seen.</param>
    public static async Task<Dictionary<string, long>> NumbersAsync(NpgsqlConnection connection, IReadOnlyList<(LedgerItem Item, DateTimeOffset Hour)> items, CancellationToken ct)
    {
        var last = new Dictionary<string, (LedgerItem Item, DateTimeOffset Last)>();
        foreach (var (item, hour) in items)
            // The last hour of the day, so that it changes once a day and not with every hour.
            if (new DateTimeOffset(hour.UtcDateTime.Date, TimeSpan.Zero).AddHours(23) is var day && (!last.TryGetValue(item.Key, out var known) || known.Last < day))
                last[item.Key] = (item, day);
        var numbers = new Dictionary<string, long>(last.Count);
        var all = last.Values.OrderBy(one => one.Item.Key, StringComparer.Ordinal).ToList();
        await using (var find = new NpgsqlCommand(
            """
            SELECT i.id, i.digest FROM unnest($1, $2) AS seen (digest, last_hour) JOIN cost_items i ON i.digest = seen.digest AND i.last_hour >= seen.last_hour
            """, connection))
        {
            Add(find, all, one => one.Item.Digest);
            Add(find, all, one => one.Last.UtcDateTime);
            await find.PrepareAsync(ct);
            await ReadAsync(find, numbers, ct);
        }
        all.RemoveAll(one => numbers.ContainsKey(one.Item.Key));
        if (all.Count > 0)
            await MakeAsync(connection, all, numbers, ct);
        return numbers;
    }

    private static async Task MakeAsync(NpgsqlConnection connection, List<(LedgerItem Item, DateTimeOffset Last)> all, Dictionary<string, long> numbers, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO cost_items (digest, kind, cluster_uid, cluster, name, node, namespace, controller_kind, controller, pod, container, services, labels, annotations, last_hour)
            SELECT digest, kind, cluster_uid, cluster, name, node, namespace, controller_kind, controller, pod, container, string_to_array(services, ','), labels::jsonb, annotations::jsonb, last_hour
            FROM unnest($1::bytea[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[])
                AS new (digest, kind, cluster_uid, cluster, name, node, namespace, controller_kind, controller, pod, container, services, labels, annotations, last_hour)
            ORDER BY digest
            ON CONFLICT (digest) DO UPDATE SET last_hour = GREATEST(cost_items.last_hour, EXCLUDED.last_hour)
            RETURNING id, digest
            """, connection);
        Add(command, all, one => one.Item.Digest);
        Add(command, all, one => (short)one.Item.Row.Kind);
        Add(command, all, one => one.Item.ClusterUid);
        Add(command, all, one => one.Item.Row.Properties.Cluster);
        Add(command, all, one => one.Item.Row.Name);
        Add(command, all, one => one.Item.Row.Properties.Node);
        Add(command, all, one => one.Item.Row.Properties.Namespace);
        Add(command, all, one => one.Item.Row.Properties.ControllerKind);
        Add(command, all, one => one.Item.Row.Properties.Controller);
        Add(command, all, one => one.Item.Row.Properties.Pod);
        Add(command, all, one => one.Item.Row.Properties.Container);
        Add(command, all, one => string.Join(',', one.Item.Row.Properties.Services));
        Add(command, all, one => one.Item.Labels);
        Add(command, all, one => one.Item.Annotations);
        Add(command, all, one => one.Last.UtcDateTime);
        await ReadAsync(command, numbers, ct);
    }

    private static async Task ReadAsync(NpgsqlCommand command, Dictionary<string, long> numbers, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            numbers[Convert.ToHexString((byte[])reader[1])] = reader.GetInt64(0);
    }

    private static void Add<T>(NpgsqlCommand command, List<(LedgerItem Item, DateTimeOffset Last)> all, Func<(LedgerItem Item, DateTimeOffset Last), T> value) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. all.Select(value)] });
}
