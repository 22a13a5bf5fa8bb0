namespace Fleet.Contracts.Clusters;

/// <summary>Values of <c>status.upgrade.phase</c>.</summary>
public static class UpgradePhases
{
    /// <summary>Machines of the control plane are being replaced; worker pools that get a newer version wait.</summary>
    public const string ControlPlane = "ControlPlane";

    /// <summary>The control plane is done, machines of the worker pools are being replaced.</summary>
    public const string Workers = "Workers";

    /// <summary>Every machine is as wanted.</summary>
    public const string Completed = "Completed";

    /// <summary>The machines did not become as wanted before the deadline.</summary>
    public const string Failed = "Failed";
}
