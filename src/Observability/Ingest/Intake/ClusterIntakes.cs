using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Intake;

/// <summary>What is kept in memory of the clusters that have sent something.</summary>
public sealed class ClusterIntakes
{
    private readonly ConcurrentDictionary<string, ClusterIntake> clusters = new();
    private readonly IntakeOptions options;

    public ClusterIntakes(IntakeOptions options, IngestMetrics metrics)
    {
        this.options = options;
        metrics.ObserveSeries(
            () => clusters.Values.Select(one => new Measurement<long>(one.Active.Count, new KeyValuePair<string, object?>("cluster", one.Cluster.ToString()))),
            () => clusters.Values.SelectMany(one => one.Active.Refused.Select(metric => new Measurement<long>(
                metric.Value, new("cluster", one.Cluster.ToString()), new KeyValuePair<string, object?>("metric", metric.Key)))));
    }

    internal ClusterIntake Of(ClusterIdentity cluster) => clusters.GetOrAdd(cluster.Uid, static (_, of) => new ClusterIntake(of.cluster, of.options), (cluster, options));
}
