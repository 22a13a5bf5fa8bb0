using System.Collections.Immutable;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Matching;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>Something that may be wrong: whose it is, and how much.</summary>
internal sealed record SourceSample(ImmutableSortedDictionary<string, string> Labels, double Value)
{
    public static SourceSample Of(ObjectKey cluster, double value, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var labels = AlertLabels.None.SetItem(AlertLabels.Cluster, cluster.Name).SetItem(AlertLabels.ClusterNamespace, cluster.Namespace);
        foreach (var (name, text) in more)
            labels = labels.SetItem(name, text);
        return new(labels, value);
    }
}
