namespace Fleet.ClusterManager.Releases;

/// <summary>What to do about a helm that was cut off before helm runs again.</summary>
internal enum Recovery
{
    /// <summary>Nothing was cut off.</summary>
    None,

    /// <summary>What is wanted is what was cut off: it is made again, without changing back what it has changed. Machines would be replaced twice for nothing.</summary>
    Repeat,

    /// <summary>Something else is wanted by now: first back to the last good revision, so that what only the interrupted one has made goes away.</summary>
    GoBack,
}
