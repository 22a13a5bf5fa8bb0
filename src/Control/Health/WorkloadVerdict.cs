namespace Fleet.Control.Health;

/// <summary>How an object is, the worse the later.</summary>
public enum WorkloadVerdict
{
    Healthy,

    /// <summary>It stands still because somebody asked for that; it goes on when they say so.</summary>
    Suspended,

    /// <summary>It runs to an end of its own and takes the time that this takes, as a Job does.</summary>
    Running,

    /// <summary>Nobody can tell, for instance because a rule of the user's failed.</summary>
    Unknown,

    Progressing,
    Failed,
}
