using Fleet.Control.Reconciling;
using Orleans;

namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>
/// An <see cref="Outcome"/> between silos; the ids of its fields are the wire format. Of an exception that the other side cannot make again,
/// Orleans keeps type name, message and stack.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("fleet.outcome")]
public sealed record CarriedOutcome(
    [property: Id(0)] OutcomeKind Kind,
    [property: Id(1)] TimeSpan Delay,
    [property: Id(2)] string Reason,
    [property: Id(3)] string Message,
    [property: Id(4)] Exception? Exception)
{
    public static CarriedOutcome Of(Outcome outcome) => new(outcome.Kind, outcome.Delay, outcome.Reason, outcome.Message, outcome.Exception);

    public Outcome Outcome() => Kind switch
    {
        OutcomeKind.Done => Control.Reconciling.Outcome.Done,
        OutcomeKind.After => Control.Reconciling.Outcome.After(Delay),
        OutcomeKind.Waiting => Control.Reconciling.Outcome.Waiting(Reason, Delay),
        OutcomeKind.Stalled => Control.Reconciling.Outcome.Stalled(Reason, Message),
        OutcomeKind.Failed => Control.Reconciling.Outcome.Failed(Exception!),
        _ => throw new InvalidOperationException($"an outcome of the kind {Kind} is not known here: do all silos run the same version?"),
    };
}
