using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Intake;

/// <summary>The one way of samples into the queue, whichever protocol they came by.</summary>
public sealed class SampleIntake(IngestQueue queue, ClusterIntakes clusters, IntakeOptions options, IngestMetrics metrics, TimeProvider clock)
{
    internal SampleLimits Limits => options.Limits;

    /// <summary>Completes when everything that can be taken is kept. What could not be taken is in the result.</summary>
    /// <exception cref="MalformedPayloadException">Nothing was taken.</exception>
    /// <exception cref="PayloadTooLargeException">Nothing was taken.</exception>
    /// <exception cref="QueueUnavailableException">Nothing was kept; the sender must come again.</exception>
    internal async Task<IntakeResult> AcceptAsync(ClusterIdentity cluster, Action<AcceptedSamples> read)
    {
        var intake = clusters.Of(cluster);
        var now = clock.GetUtcNow();
        using var accepted = new AcceptedSamples(cluster, options.Limits, intake.Active, now);
        read(accepted);
        var samples = accepted.Samples + accepted.Histograms;
        intake.Spend(samples + accepted.Refusals.Total);
        if (samples > 0)
        {
            using var block = new PooledBytes(accepted.Body.Length / 4);
            SnappyBlock.Encode(accepted.Body.Span, block);
            await queue.AppendAsync(new QueuedRequest(
                cluster.ToString(), accepted.OldestTimestamp, now.ToUnixTimeMilliseconds(), accepted.Series, samples, block.Memory));
            metrics.Accepted(cluster, samples);
        }
        metrics.Refused(cluster, accepted.Refusals);
        return new IntakeResult(accepted.Samples, accepted.Histograms, accepted.Exemplars, accepted.Refusals);
    }
}

/// <summary>What became of one request.</summary>
public sealed record IntakeResult(int Samples, int Histograms, int Exemplars, Refusals Refusals);
