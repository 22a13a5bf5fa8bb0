namespace Fleet.Control.Reconciling;

public enum OutcomeKind
{
    /// <summary>The world is as wanted; the next change asks again.</summary>
    Done,
    /// <summary>Fine, but look again after a while.</summary>
    After,
    /// <summary>Something else must happen first; asked again after a delay even if nothing reports it.</summary>
    Waiting,
    /// <summary>A person must change something; only a change asks again.</summary>
    Stalled,
    /// <summary>An error that may pass; retried with back-off.</summary>
    Failed,
}
