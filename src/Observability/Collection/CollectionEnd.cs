using Fleet.Control.Grains;

namespace Fleet.Observability.Collection;

/// <summary>Ends the grains of clusters when the program is asked to end, as long as there is a database: they write what they have seen. Replicas that hand over have done so already.</summary>
internal sealed class CollectionEnd(IGrainHost host) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        host is IGrainDrain drain ? drain.LetGoAsync(grain => grain.Kind == CollectionServices.Controller, TimeSpan.Zero) : Task.CompletedTask;
}
