using Fleet.Control.Queueing;

namespace Fleet.Control.Reconciling;

/// <summary>Time and chance of the loops, both injected.</summary>
internal sealed record LoopChance(TimeProvider Clock, IJitterSource Jitter);
