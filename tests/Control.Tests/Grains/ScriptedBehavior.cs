using Fleet.Control.Grains;
using Fleet.Control.Reconciling;

namespace Fleet.Control.Tests.Grains;

/// <summary>What calls do is said by the test.</summary>
internal sealed class ScriptedBehavior : IGrainBehavior
{
    public Func<IGrainContext, GrainCall, CancellationToken, Task<Outcome>> Handle { get; set; } = (_, _, _) => Task.FromResult(Outcome.Done);

    public Task<Outcome> HandleAsync(IGrainContext grain, GrainCall call, CancellationToken ct) => Handle(grain, call, ct);
}
