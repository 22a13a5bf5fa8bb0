using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ingest.Records;

/// <summary>One row of a COPY: its time, which chooses the partition, and how its columns are written.</summary>
internal sealed record RecordRow(DateTimeOffset Time, Func<NpgsqlBinaryImporter, CancellationToken, Task> WriteAsync);

internal static class RecordColumns
{
    /// <summary>The columns that say where a record comes from.</summary>
    public static async Task WriteAsync(this RecordSource source, NpgsqlBinaryImporter import, CancellationToken ct)
    {
        await import.WriteAsync(source.Cluster.Namespace, NpgsqlDbType.Text, ct);
        await import.WriteAsync(source.Cluster.Name, NpgsqlDbType.Text, ct);
        await import.WriteAsync(source.Cluster.Uid, NpgsqlDbType.Text, ct);
        await import.WriteAsync(source.Service, NpgsqlDbType.Text, ct);
        await import.WriteAsync(source.Namespace, NpgsqlDbType.Text, ct);
        await import.WriteAsync(source.Pod, NpgsqlDbType.Text, ct);
    }

    public static Task WriteIdAsync(this NpgsqlBinaryImporter import, ByteString id, CancellationToken ct) =>
        id.IsEmpty ? import.WriteNullAsync(ct) : import.WriteAsync(id.ToByteArray(), NpgsqlDbType.Bytea, ct);
}
