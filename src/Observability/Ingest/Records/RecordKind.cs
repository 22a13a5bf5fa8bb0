namespace Fleet.Observability.Ingest.Records;

/// <summary>A table of records with a partition for each day.</summary>
/// <param name="Copy">The COPY statement; its columns are in the order in which rows are written.</param>
public sealed record RecordKind(string Table, string Copy)
{
    private const string Common = "time, cluster_namespace, cluster, cluster_uid, service, k8s_namespace, k8s_pod, trace_id, span_id, scope, attributes, resource";

    public static RecordKind Logs { get; } = Of("logs", "severity, severity_text, body");

    public static RecordKind Spans { get; } = Of("spans", "duration_ns, parent_span_id, name, kind, status, status_message, events, links");

    private static RecordKind Of(string table, string columns) => new(table, $"COPY {table} ({Common}, {columns}) FROM STDIN (FORMAT BINARY)");
}
