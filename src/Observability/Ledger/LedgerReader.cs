using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Focus.Bills;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>Costs of a window, added up in the database: what comes back has a row for each item and step, however many hours there are.</summary>
internal sealed class LedgerReader(LedgerConnections connections)
{
    /// <summary>Rows, what they share, and assets.</summary>
    private const int Questions = 3;

    /// <summary>Readers that have several connections: more of them would only share the same processors.</summary>
    private static readonly SemaphoreSlim Wide = new(Math.Clamp(Environment.ProcessorCount, 2, 8));

    /// <summary>Full hours of the window, in steps, for each currency. A step in which a currency has nothing has no set of it.</summary>
    /// <param name="window">Hours that begin in it.</param>
    /// <param name="step">Whole hours; at least the window's length for one set.</param>
    /// <param name="clusters">Names of the clusters that are looked at; null for all.</param>
    /// <param name="detail">As coarse as the question allows: a month of a large fleet by container is long.</param>
    /// <param name="atListPrice">Without what imported bills make of it.</param>
    /// <exception cref="Fleet.Cost.CostQueryException">The window needs hours that are no longer kept.</exception>
    public async Task<IReadOnlyList<LedgerSet>> ReadAsync(
        QueryWindow window, TimeSpan step, IReadOnlyCollection<string>? clusters, CancellationToken ct, LedgerDetail detail = LedgerDetail.Containers, bool atListPrice = false)
    {
        await using var moment = await LedgerMoment.OpenAsync(connections, detail == LedgerDetail.Assets ? 1 : Questions, Wide, ct);
        var question = await LedgerQuestion.AskAsync(moment, window, step, clusters, detail, ct);
        var (rows, assets) = detail == LedgerDetail.Assets ? ([], await AssetsAsync(question, ct))
            : moment.IsWide ? await TogetherAsync(question, ct)
            : (await RowsAsync(question, Task.FromResult(await SharesAsync(question, ct)), ct), await AssetsAsync(question, ct));
        var bills = atListPrice ? null : await LedgerBills.ReadAsync(moment.At(0), window, clusters, ct);
        return
        [
            .. rows.Keys.Union(assets.Keys).OrderBy(key => key.Start).ThenBy(key => key.Currency, StringComparer.Ordinal).Select(key =>
            {
                var span = question.StepAt(key.Start);
                var paid = assets.GetValueOrDefault(key)?.ToSet(span, key.Currency) ?? new AssetSet(span, key.Currency);
                var workloads = new AllocationSet(span, rows.GetValueOrDefault(key) ?? [], key.Currency);
                if (bills is { Count: > 0 })
                    (paid, workloads) = BilledCosts.Of(paid, workloads, bills[key.Currency]);
                return new LedgerSet(workloads, paid);
            }),
        ];
    }

    /// <summary>Up to when each cluster's costs are there, by name, and why something may be missing.</summary>
    public async Task<IReadOnlyList<ClusterFreshness>> FreshnessAsync(CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT cluster, cluster_uid, seen_until, problems, simulated, balance::text FROM cost_clusters ORDER BY cluster, cluster_uid", opened.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<ClusterFreshness>();
        while (await reader.ReadAsync(ct))
            found.Add(new(reader.GetString(0), reader.GetString(1), Time(reader, 2), (string[])reader[3])
            {
                IsSimulated = reader.GetBoolean(4),
                Balance = reader.IsDBNull(5) ? null : JsonSerializer.Deserialize<LedgerBalance>(reader.GetString(5)),
            });
        return found;
    }

    /// <summary>All three at the same time. When one fails the others are ended before the connections are given back.</summary>
    private static async Task<(Dictionary<SetKey, List<Allocation>> Rows, Dictionary<SetKey, LedgerAssets> Assets)> TogetherAsync(LedgerQuestion question, CancellationToken ct)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var shares = Ending(SharesAsync(question, failed.Token));
        var (rows, assets) = (Ending(RowsAsync(question, shares, failed.Token)), Ending(AssetsAsync(question, failed.Token)));
        await Task.WhenAll(shares, rows, assets);
        return (await rows, await assets);

        async Task<T> Ending<T>(Task<T> asked)
        {
            try
            {
                return await asked;
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    /// <param name="sharing">Read before the first row is: where it has a connection of its own, both are worked out at the same time.</param>
    private static async Task<Dictionary<SetKey, List<Allocation>>> RowsAsync(LedgerQuestion question, Task<Dictionary<ShareKey, LedgerShares>> sharing, CancellationToken ct)
    {
        await using var command = question.Rows();
        await using var reader = await command.ExecuteReaderAsync(ct);
        var shares = await sharing;
        var metadata = new LedgerMetadata();
        var rows = new Dictionary<SetKey, List<Allocation>>();
        while (await reader.ReadAsync(ct))
        {
            var key = new SetKey(Time(reader, 0), reader.GetString(1));
            if (!rows.TryGetValue(key, out var set))
                rows[key] = set = [];
            // What a namespace has goes to one of its rows.
            shares.Remove(ShareKey.Of(question.Detail, key, reader, 21, 23, 25), out var own);
            set.Add(Row(reader, question.StepAt(key.Start), own, metadata));
        }
        return rows;
    }

    private static Allocation Row(NpgsqlDataReader reader, QueryWindow window, LedgerShares? shares, LedgerMetadata metadata)
    {
        var (start, end) = (Time(reader, 3), Time(reader, 4));
        var hours = (end - start).TotalHours;
        return new()
        {
            Name = reader.GetString(22),
            Kind = (AllocationKind)reader.GetInt16(21),
            Properties = new()
            {
                Cluster = metadata.Same(reader.GetString(23)), Node = metadata.Same(reader.GetString(24)), Namespace = metadata.Same(reader.GetString(25)),
                ControllerKind = metadata.Same(reader.GetString(26)), Controller = metadata.Same(reader.GetString(27)),
                Pod = reader.GetString(28), Container = metadata.Same(reader.GetString(29)), Services = (string[])reader[30], Labels = metadata.Of(reader.GetString(31)), Annotations = metadata.Of(reader.GetString(32)),
            },
            Window = window,
            Start = start,
            End = end,
            Cpu = Amount(5),
            Ram = Amount(9),
            Gpu = new() { Hours = reader.GetDouble(13), RequestAverage = Average(14), Cost = reader.GetDouble(15) },
            LoadBalancerCost = reader.GetDouble(16),
            MissingPrice = (MissingPrice)reader.GetInt16(17),
            Network = new() { TransferBytes = reader.GetDouble(18), ReceiveBytes = reader.GetDouble(19), Cost = reader.GetDouble(20) },
            Volumes = shares?.Volumes ?? LedgerShares.None.Volumes,
            LoadBalancers = shares?.LoadBalancers ?? LedgerShares.None.LoadBalancers,
        };

        ComputeAmount Amount(int at) => new()
        {
            Hours = reader.GetDouble(at), RequestAverage = Average(at + 1), UsageAverage = Average(at + 2), Cost = reader.GetDouble(at + 3),
        };

        double Average(int at) => hours > 0 ? reader.GetDouble(at) / hours : 0;
    }

    private static async Task<Dictionary<ShareKey, LedgerShares>> SharesAsync(LedgerQuestion question, CancellationToken ct)
    {
        await using var command = question.Shares();
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<ShareKey, LedgerShares>();
        while (await reader.ReadAsync(ct))
        {
            var key = ShareKey.Of(question.Detail, new(Time(reader, 0), reader.GetString(1)), reader, 9, 8, 10);
            if (!found.TryGetValue(key, out var shares))
                found[key] = shares = new();
            if (reader.GetBoolean(3))
            {
                ref var volume = ref CollectionsMarshal.GetValueRefOrAddDefault(shares.Volumes, new(key.Cluster.Length > 0 ? key.Cluster : reader.GetString(8), reader.GetString(4)), out var isKnown);
                var share = new VolumeShare(reader.GetDouble(6), reader.GetDouble(7), reader.GetString(5));
                volume = isKnown ? volume + share : share;
            }
            else
            {
                var share = new LoadBalancerShare(reader.GetString(4), reader.GetDouble(7), reader.GetDouble(6)) { Ip = reader.GetString(5) };
                ref var balancer = ref CollectionsMarshal.GetValueRefOrAddDefault(shares.LoadBalancers, $"{reader.GetString(8)}/{share.Service}", out _);
                balancer = balancer is null ? share : LoadBalancerShare.Add(balancer, share);
            }
        }
        return found;
    }

    private static async Task<Dictionary<SetKey, LedgerAssets>> AssetsAsync(LedgerQuestion question, CancellationToken ct)
    {
        await using var command = question.Assets();
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

    /// <summary>Whose parts of disks and load balancers: an item's, or a namespace's or cluster's.</summary>
    private readonly record struct ShareKey(SetKey Set, long Item, short Kind, string Cluster, string Namespace)
    {
        public static ShareKey Of(LedgerDetail detail, SetKey set, NpgsqlDataReader row, int kind, int cluster, int @namespace) => detail switch
        {
            LedgerDetail.Containers => new(set, row.GetInt64(2), 0, "", ""),
            LedgerDetail.Namespaces => new(set, 0, row.GetInt16(kind), row.GetString(cluster), row.GetString(@namespace)),
            _ => new(set, 0, row.GetInt16(kind), row.GetString(cluster), ""),
        };
    }
}

/// <summary>What workloads cost, and what is paid, in one step and currency.</summary>
internal sealed record LedgerSet(AllocationSet Allocations, AssetSet Assets);

/// <summary>How far the costs of a cluster reach.</summary>
/// <param name="Problems">Why something may be missing.</param>
internal sealed record ClusterFreshness(string Cluster, string ClusterUid, DateTimeOffset SeenUntil, IReadOnlyList<string> Problems)
{
    /// <summary>It runs nowhere: it is a simulated cluster, or its past is.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>Of what was added last; null when nothing was checked yet.</summary>
    public LedgerBalance? Balance { get; init; }
}

/// <summary>Parts of disks and load balancers of one item.</summary>
internal sealed class LedgerShares
{
    public static LedgerShares None { get; } = new();

    public Dictionary<VolumeKey, VolumeShare> Volumes { get; } = [];

    public Dictionary<string, LoadBalancerShare> LoadBalancers { get; } = [];
}

/// <summary>Many rows have the same few names and sets of labels: each is kept once.</summary>
internal sealed class LedgerMetadata
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> known = new() { [""] = None, ["{}"] = None };
    private readonly Dictionary<string, string> words = [];

    public string Same(string word) => words.TryGetValue(word, out var same) ? same : words[word] = word;

    public IReadOnlyDictionary<string, string> Of(string json)
    {
        if (!known.TryGetValue(json, out var texts))
            known[json] = texts = JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        return texts;
    }
}
