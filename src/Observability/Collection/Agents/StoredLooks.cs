using Fleet.Control.Grains;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ledger;
using Npgsql;

namespace Fleet.Observability.Collection.Agents;

/// <summary>
/// Looks that came to a replica which does not own their cluster, in PostgreSQL until the owner takes them with its next turn: an agent knows one address, behind which any replica answers.
/// </summary>
internal sealed class StoredLooks(LedgerConnections connections, TimeProvider clock)
{
    /// <summary>As many as an owner lets wait in memory: an agent that sends more is told to wait, and keeps them on its disk.</summary>
    private const int MostOfCluster = 4;

    /// <summary>What nobody took by then is of a cluster that has gone, or is no longer looked at by its agent.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <param name="offset">How far the sender's clock is ahead of ours.</param>
    /// <param name="body">As it was sent.</param>
    /// <exception cref="QueueUnavailableException">Too many wait; it may come again.</exception>
    public async Task KeepAsync(ClusterIdentity cluster, TimeSpan offset, byte[] body, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO agent_looks (cluster_uid, namespace, cluster, taken_at, offset_seconds, body)
            SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM agent_looks WHERE cluster_uid = $1) < $7
            """, opened.Value)
        {
            Parameters =
            {
                new() { Value = cluster.Uid }, new() { Value = cluster.Namespace }, new() { Value = cluster.Name }, new() { Value = clock.GetUtcNow() }, new() { Value = offset.TotalSeconds },
                new() { Value = body }, new() { Value = (long)MostOfCluster },
            },
        };
        if (await command.ExecuteNonQueryAsync(ct) == 0)
            throw new QueueUnavailableException("looks at this cluster are still being taken");
    }

    /// <summary>Those of a cluster, in the order in which they came.</summary>
    public async Task<IReadOnlyList<StoredLook>> OfAsync(string clusterUid, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT sequence, offset_seconds, body FROM agent_looks WHERE cluster_uid = $1 ORDER BY sequence", opened.Value) { Parameters = { new() { Value = clusterUid } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<StoredLook>();
        while (await reader.ReadAsync(ct))
            found.Add(new(reader.GetInt64(0), TimeSpan.FromSeconds(reader.GetDouble(1)), reader.GetFieldValue<byte[]>(2)));
        return found;
    }

    /// <summary>They count, up to one of them. Taken by one that has lost the cluster they stay for its successor.</summary>
    public async Task TakenAsync(string clusterUid, long sequence, GrainOwnership owner, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        await using var command = new NpgsqlCommand("DELETE FROM agent_looks WHERE cluster_uid = $1 AND sequence <= $2", opened.Value) { Parameters = { new() { Value = clusterUid }, new() { Value = sequence } } };
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Deletes what nobody takes.</summary>
    public async Task ForgetAsync(GrainOwnership owner, CancellationToken ct)
    {
        await using var opened = await connections.OpenAsync(ct);
        await using var transaction = await opened.BeginAsync(owner, ct);
        await using var command = new NpgsqlCommand("DELETE FROM agent_looks WHERE taken_at < $1", opened.Value) { Parameters = { new() { Value = clock.GetUtcNow() - KeptFor } } };
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <param name="Offset">How far the sender's clock was ahead.</param>
/// <param name="Body">As it was sent.</param>
internal sealed record StoredLook(long Sequence, TimeSpan Offset, byte[] Body);
