using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Backups;

/// <summary>Conditions of ManagementBackup.</summary>
public static class ManagementBackupConditions
{
    /// <summary>Good when True: every backup that was due is written and was read back. True also before the first is due.</summary>
    public static ConditionType BackedUp { get; } = new("BackedUp");
}

/// <summary>Reasons of the condition BackedUp.</summary>
public static class ManagementBackupReasons
{
    public static Reason Completed { get; } = new("Completed");

    public static Reason NotDue { get; } = new("NotDue");

    public static Reason Suspended { get; } = new("Suspended");

    public static Reason SpecInvalid { get; } = new("SpecInvalid");

    /// <summary>Another process makes backups, or Velero does.</summary>
    public static Reason WaitingForOthers { get; } = new("WaitingForOthers");

    public static Reason KeyMissing { get; } = new("KeyMissing");

    public static Reason KeyInvalid { get; } = new("KeyInvalid");

    public static Reason LocationMissing { get; } = new("LocationMissing");

    public static Reason LocationInvalid { get; } = new("LocationInvalid");

    public static Reason LocationRefused { get; } = new("LocationRefused");

    public static Reason LocationUnreachable { get; } = new("LocationUnreachable");

    public static Reason LocationFull { get; } = new("LocationFull");

    public static Reason NameTaken { get; } = new("NameTaken");

    public static Reason ClusterUnreadable { get; } = new("ClusterUnreadable");

    public static Reason DatabaseFailed { get; } = new("DatabaseFailed");

    public static Reason VerificationFailed { get; } = new("VerificationFailed");

    /// <summary>The archive is whole, but a Region was away.</summary>
    public static Reason RegionMissing { get; } = new("RegionMissing");
}
