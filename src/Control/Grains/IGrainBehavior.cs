using Fleet.Control.Reconciling;

namespace Fleet.Control.Grains;

/// <summary>What grains do with calls; the same under every host.</summary>
public interface IGrainBehavior
{
    Task<Outcome> HandleAsync(IGrainContext grain, GrainCall call, CancellationToken ct);
}
