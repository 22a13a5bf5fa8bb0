using Fleet.Observability.Ingest.Otlp;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Who records come from: the cluster by its token, service, namespace and pod by the resource.</summary>
internal sealed class RecordSource
{
    private const int LongestName = 512;

    public RecordSource(ClusterIdentity cluster, Resource? resource)
    {
        var attributes = resource?.Attributes ?? [];
        Cluster = cluster;
        Service = Short(OtlpValues.Attribute(attributes, "service.name"));
        Namespace = Short(OtlpValues.Attribute(attributes, "k8s.namespace.name"));
        Pod = Short(OtlpValues.Attribute(attributes, "k8s.pod.name"));
        Attributes = OtlpValues.Object(attributes);
    }

    public ClusterIdentity Cluster { get; }

    public string Service { get; }

    public string Namespace { get; }

    public string Pod { get; }

    /// <summary>JSON.</summary>
    public ReadOnlyMemory<byte> Attributes { get; }

    public static string ScopeOf(InstrumentationScope? scope) => Short(scope?.Name ?? "");

    public static string Short(string text, int longest = LongestName)
    {
        var storable = OtlpValues.Storable(text);
        // Not through the middle of a character of two parts.
        return storable.Length <= longest ? storable : storable[..(char.IsHighSurrogate(storable[longest - 1]) ? longest - 1 : longest)];
    }
}
