using Fleet.Observability.Ingest.Samples;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Observability.Ingest.Records;

/// <summary>The rows of one request: what all records have in common is checked and written here, the rest by their kind.</summary>
internal sealed class RecordRows(ClusterIdentity cluster, RecordWindow window, RecordOptions options)
{
    private readonly List<RecordRow> rows = [];

    public RecordOptions Options => options;

    public IReadOnlyList<RecordRow> Taken => rows;

    public RecordRefusals Refusals { get; } = new();

    public RecordSource From(Otlp.Messages.Resource? resource) => new(cluster, resource);

    /// <param name="longest">Bytes of the longest JSON that the record itself has.</param>
    /// <param name="write">The columns of its kind, which come after the common ones.</param>
    public void Add(RecordSource source, RecordHead head, int longest, Func<NpgsqlBinaryImporter, CancellationToken, Task> write)
    {
        var tooLong = Math.Max(Math.Max(head.Attributes.Length, source.Attributes.Length), longest) > options.LongestAttributes;
        if ((window.Refusal(head.Time) ?? (head.HasWrongId ? "wrong_id" : tooLong ? "too_long" : null)) is { } reason)
        {
            Refusals.Add(reason);
            return;
        }
        rows.Add(new(head.Time!.Value, async (import, ct) =>
        {
            await import.WriteAsync(head.Time.Value, NpgsqlDbType.TimestampTz, ct);
            await source.WriteAsync(import, ct);
            await import.WriteIdAsync(head.TraceId, ct);
            await import.WriteIdAsync(head.SpanId, ct);
            await import.WriteAsync(head.Scope, NpgsqlDbType.Text, ct);
            await import.WriteAsync(head.Attributes, NpgsqlDbType.Jsonb, ct);
            await import.WriteAsync(source.Attributes, NpgsqlDbType.Jsonb, ct);
            await write(import, ct);
        }));
    }
}
