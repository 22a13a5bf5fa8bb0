namespace Fleet.StateManager.Drift;

/// <summary>How the services of a ServiceSet are followed.</summary>
internal enum SyncMode
{
    /// <summary>Changes of the spec are applied; what others change in the cluster is shown and left alone.</summary>
    Continuous,
    /// <summary>As Continuous, and what others change is corrected.</summary>
    ContinuousWithDriftDetection,
    /// <summary>Installed once; later changes of the spec are not applied, and drift is not looked for.</summary>
    OneTime,
    /// <summary>Nothing is installed or changed.</summary>
    DryRun,
}
