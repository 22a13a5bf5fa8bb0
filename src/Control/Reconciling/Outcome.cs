namespace Fleet.Control.Reconciling;

/// <summary>What a reconcile came to. A closed set: <see cref="ReconcileLoop"/> maps each kind to requeue, log level and metric.</summary>
public sealed record Outcome
{
    private Outcome(OutcomeKind kind) => Kind = kind;

    public static Outcome Done { get; } = new(OutcomeKind.Done);

    public OutcomeKind Kind { get; }

    /// <summary>For <see cref="OutcomeKind.After"/> and <see cref="OutcomeKind.Waiting"/>.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>PascalCase, as in conditions; for <see cref="OutcomeKind.Waiting"/> and <see cref="OutcomeKind.Stalled"/>.</summary>
    public string Reason { get; private init; } = "";

    public string Message { get; private init; } = "";

    /// <summary>For <see cref="OutcomeKind.Failed"/>.</summary>
    public Exception? Exception { get; private init; }

    public static Outcome After(TimeSpan delay) => new(OutcomeKind.After) { Delay = delay };

    public static Outcome Waiting(string reason, TimeSpan delay) => new(OutcomeKind.Waiting) { Reason = reason, Delay = delay };

    public static Outcome Stalled(string reason, string message) => new(OutcomeKind.Stalled) { Reason = reason, Message = message };

    public static Outcome Failed(Exception exception) => new(OutcomeKind.Failed) { Exception = exception, Message = exception.Message };

    /// <summary>
    /// The outcome that asks for attention soonest: any failure, else the shortest delay, else stalled, else done.
    /// For reconcilers that are made of parts.
    /// </summary>
    public static Outcome Combine(IEnumerable<Outcome> parts)
    {
        var result = Done;
        foreach (var part in parts)
            result = Sooner(result, part);
        return result;
    }

    private static Outcome Sooner(Outcome a, Outcome b)
    {
        if (Rank(a) != Rank(b))
            return Rank(a) > Rank(b) ? a : b;
        return b.Delay < a.Delay ? b : a;
    }

    private static int Rank(Outcome outcome) => outcome.Kind switch
    {
        OutcomeKind.Failed => 3,
        OutcomeKind.After or OutcomeKind.Waiting => 2,
        OutcomeKind.Stalled => 1,
        _ => 0,
    };
}
