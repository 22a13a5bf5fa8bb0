namespace Fleet.Observability.Collection;

/// <summary>What became of a reading.</summary>
internal enum CounterOutcome
{
    /// <summary>It grew, or stayed.</summary>
    Counted,

    /// <summary>It had begun anew in between.</summary>
    Reset,

    /// <summary>There was none before.</summary>
    First,

    /// <summary>One of the same time was there already.</summary>
    Duplicate,

    /// <summary>One of a later time was there already.</summary>
    Late,

    /// <summary>No number that a counter can have.</summary>
    Invalid,

    /// <summary>It grew faster than can be.</summary>
    Implausible,
}
