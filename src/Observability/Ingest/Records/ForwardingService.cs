using Fleet.Control.Queueing;
using Fleet.Observability.Ingest.Forwarding;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Runs what carries logs and spans on.</summary>
internal sealed class ForwardingService(RecordForwarding forwarding, ForwardMetrics metrics, IJitterSource jitter, ILogger<Forwarder> log) : IHostedService
{
    private readonly List<Forwarder> forwarders = [.. forwarding.Forwarders(metrics, jitter, log)];

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(forwarders.Select(one => one.StartAsync(cancellationToken)));

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(forwarders.Select(one => one.StopAsync(cancellationToken)));
        forwarders.ForEach(one => one.Dispose());
    }
}
