namespace Fleet.Contracts.Upgrades;

/// <summary>Rules that hold an upgrade: reasons of the condition Upgrading, and values of <see cref="PlanBlocker.Rule"/>.</summary>
public static class PlanRules
{
    /// <summary>A control plane is upgraded one minor version at a time.</summary>
    public const string ControlPlaneSkipsMinor = "ControlPlaneSkipsMinor";

    /// <summary>A control plane is never taken back to an older minor version.</summary>
    public const string ControlPlaneDowngrade = "ControlPlaneDowngrade";

    /// <summary>A kubelet may be three minor versions older than the API server, not more.</summary>
    public const string WorkersTooOld = "WorkersTooOld";

    /// <summary>A kubelet is never newer than the API server.</summary>
    public const string WorkersNewerThanControlPlane = "WorkersNewerThanControlPlane";

    /// <summary>Chains list the current template, and none of them leads to the wanted one.</summary>
    public const string NotInChain = "NotInChain";

    public const string TemplateNotFound = "TemplateNotFound";

    public const string TemplateInvalid = "TemplateInvalid";

    /// <summary>A Management says that providers which the template needs are not installed, or not in versions that go with it.</summary>
    public const string ProvidersMissing = "ProvidersMissing";

    public const string CredentialNotReady = "CredentialNotReady";

    /// <summary>An object that the spec refers to is not there or not ready, so that the chart cannot be given what it needs.</summary>
    public const string ReferenceNotReady = "ReferenceNotReady";

    /// <summary>The chart's schema refuses the values, or the chart does not render with them.</summary>
    public const string ValuesInvalid = "ValuesInvalid";

    /// <summary>A machine template is changed under its name, which infrastructure providers refuse.</summary>
    public const string ImmutableTemplate = "ImmutableTemplate";

    public const string Paused = "Paused";

    /// <summary>The region of the cluster cannot be worked with now.</summary>
    public const string RegionUnavailable = "RegionUnavailable";
}
