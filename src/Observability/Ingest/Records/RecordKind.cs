namespace Fleet.Observability.Ingest.Records;

/// <summary>A table of records with a partition for each day.</summary>
/// <param name="Copy">The COPY statement; its columns are in the order in which rows are written.</param>
public sealed record RecordKind(string Table, string Copy)
{
    public static RecordKind Logs { get; } = new("logs",
        "COPY logs (time, cluster_namespace, cluster, cluster_uid, service, k8s_namespace, k8s_pod, severity, severity_text, body, trace_id, span_id, scope, attributes, resource) FROM STDIN (FORMAT BINARY)");

    public static RecordKind Spans { get; } = new("spans",
        "COPY spans (time, duration_ns, cluster_namespace, cluster, cluster_uid, service, k8s_namespace, k8s_pod, trace_id, span_id, parent_span_id, name, kind, status, status_message, scope, attributes, resource, events, links) FROM STDIN (FORMAT BINARY)");
}
