using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;

namespace Fleet.Helm.Owners;

/// <summary>What each operation means for the record of a release's owner.</summary>
public static class ReleaseOwnership
{
    /// <summary>Type of the Secret, and name of its label whose value is the release's name.</summary>
    public const string Label = OwnerRecord.Label;

    /// <summary>The Secret beside a release that says whose it is.</summary>
    public static ObjectKey RecordOf(ReleaseName release) => OwnerRecord.KeyOf(release);

    public static ReleaseOperation AsUpgrade(this ReleaseOptions options, Recovery recovery) => new("upgrade", options.Timeout)
    {
        CreatesNamespace = options.Install.CreateNamespace,
        Recovers = recovery != Recovery.None,
        // What fails is undone after the record says that it has failed.
        HasManySteps = options.Atomic || options.Upgrade.CleanupOnFail,
    };

    public static ReleaseOperation AsRollback(this ReleaseOptions options, Recovery recovery) =>
        new("rollback", options.Timeout) { Recovers = recovery != Recovery.None, HasManySteps = options.Upgrade.CleanupOnFail };

    public static ReleaseOperation AsUninstall(this ReleaseOptions options, Recovery recovery) =>
        new("uninstall", options.Timeout) { Removes = true, Recovers = recovery != Recovery.None };
}
