namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>How a simulated container uses what it asked for, over time.</summary>
public enum UsagePattern
{
    /// <summary>The same all day.</summary>
    Steady,

    /// <summary>More by day than by night (UTC).</summary>
    Daily,

    /// <summary>Busy in the working hours of Monday to Friday.</summary>
    Weekly,

    /// <summary>Next to nothing, then all at once for half an hour, four times a day.</summary>
    Batch,

    /// <summary>A twentieth of what it requests.</summary>
    OverRequesting,

    /// <summary>More than it requests.</summary>
    UnderRequesting,

    /// <summary>Memory grows until the limit, where it is killed and starts anew.</summary>
    Leak,

    /// <summary>Does nothing, and nobody talks to it.</summary>
    Idle,
}
