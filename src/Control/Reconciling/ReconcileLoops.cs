using Fleet.Control.Grains;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Reconciling;

/// <summary>Starts and stops every registered loop together.</summary>
internal sealed class ReconcileLoops(IEnumerable<ReconcileLoop> loops) : IHostedService
{
    private readonly ReconcileLoop[] loops = [.. loops];

    /// <summary>The grains of everything that exists, whoever owns them.</summary>
    public IReadOnlySet<GrainId> Grains() => loops.SelectMany(l => l.Grains()).ToHashSet();

    /// <summary>Names of the loops that have not yet seen what exists; empty when ready.</summary>
    public IReadOnlyList<string> NotSynced => [.. loops.Where(l => !l.HasSynced).Select(l => l.Name)];

    /// <summary>Names of the loops that have ended although nobody stopped them.</summary>
    public IReadOnlyList<string> Dead => [.. loops.Where(l => l.ExecuteTask is { IsCompleted: true }).Select(l => l.Name)];

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(loops.Select(l => l.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(loops.Select(l => l.StopAsync(cancellationToken)));
}
