using Fleet.Control.Reconciling;

namespace Fleet.Control.Grains;

/// <summary>A call to a grain runs the reconciler that it names.</summary>
internal sealed class ReconcilerGrain : IGrainBehavior
{
    private readonly Dictionary<string, IReconciler> reconcilers = [];

    /// <summary>Before the first call; a name twice is a mistake in the registration.</summary>
    public void Add(string controller, IReconciler reconciler) => reconcilers.Add(controller, reconciler);

    public Task<Outcome> HandleAsync(IGrainContext grain, GrainCall call, CancellationToken ct) =>
        reconcilers.TryGetValue(call.Controller, out var reconciler)
            ? reconciler.ReconcileAsync(new ReconcileRequest(call.Key, call.ReconcileId, grain), ct)
            : throw new InvalidOperationException($"no controller is called {call.Controller}");
}
