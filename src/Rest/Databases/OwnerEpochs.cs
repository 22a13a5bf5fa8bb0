using System.Data.Common;
using Fleet.Control.Grains;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Rest.Databases;

/// <summary>
/// Refuses the rows of an owner that has a successor. Each transaction first raises the epoch of its grain; who comes with a smaller one than was seen gets
/// <see cref="GrainElsewhereException"/> and writes nothing. The row of the grain stays locked until the transaction ends, so that an older owner has either written everything before, or nothing.
/// </summary>
/// <param name="service">Whose grains: services that share a database share out their grains each by itself.</param>
public sealed class OwnerEpochs(string service)
{
    /// <summary>For a migration: may be there already, made by one of another service.</summary>
    public const string Table =
        """
        CREATE TABLE IF NOT EXISTS owner_epochs (
            owned text   PRIMARY KEY,
            epoch bigint NOT NULL
        );
        """;

    /// <summary>Until another owner may have the locks of one that was frozen between two statements. Those of a transaction follow each other at once.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>The end of a session that holds locks and says nothing; for the transaction that it is said in.</summary>
    public static string EndWhenFrozen { get; } = $"SET LOCAL idle_in_transaction_session_timeout = {LongestPause.TotalMilliseconds:0}";

    /// <summary>First of all in a transaction of the context.</summary>
    /// <exception cref="GrainElsewhereException">Somebody has owned it since; the transaction is to be given up.</exception>
    public Task RaiseAsync(DbContext context, GrainOwnership owner, CancellationToken ct) => RaiseAsync((NpgsqlConnection)context.Database.GetDbConnection(), [owner], ct);

    /// <inheritdoc cref="RaiseAsync(DbContext, GrainOwnership, CancellationToken)"/>
    public Task RaiseAsync(NpgsqlConnection connection, GrainOwnership owner, CancellationToken ct) => RaiseAsync(connection, [owner], ct);

    /// <summary>First of all in a transaction of the connection, with every owner whose rows are written in it.</summary>
    /// <exception cref="GrainElsewhereException">Somebody has owned one of them since; the transaction is to be given up.</exception>
    public async Task RaiseAsync(NpgsqlConnection connection, IReadOnlyCollection<GrainOwnership> owners, CancellationToken ct)
    {
        foreach (var owner in owners)
            owner.EnsureCurrent();
        var raised = owners.GroupBy(owner => owner.Grain).Select(group => group.MaxBy(owner => owner.Epoch)!).ToList();
        if (owners.FirstOrDefault(owner => raised.Exists(other => other.Grain == owner.Grain && other.Epoch > owner.Epoch)) is { } old)
            throw new GrainElsewhereException(old.Grain);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(EndWhenFrozen));
        // In one order in all processes, so that those that write for the same grains wait for each other and do not block each other.
        batch.BatchCommands.Add(new(
            """
            INSERT INTO owner_epochs (owned, epoch) SELECT owned, epoch FROM unnest($1, $2) AS new (owned, epoch) ORDER BY owned COLLATE "C"
            ON CONFLICT (owned) DO UPDATE SET epoch = EXCLUDED.epoch WHERE owner_epochs.epoch <= EXCLUDED.epoch
            RETURNING owned
            """)
        {
            Parameters =
            {
                new() { Value = raised.Select(owner => NameOf(owner.Grain)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = raised.Select(owner => owner.Epoch).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
            },
        });
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await using (DbDataReader reader = await batch.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                taken.Add(reader.GetString(0));
        if (raised.Find(owner => !taken.Contains(NameOf(owner.Grain))) is { } refused)
            throw new GrainElsewhereException(refused.Grain);
    }

    private string NameOf(GrainId grain) => $"{service}/{grain}";
}
