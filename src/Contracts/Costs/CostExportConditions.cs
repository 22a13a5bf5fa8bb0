using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Costs;

/// <summary>Conditions of CostExport.</summary>
public static class CostExportConditions
{
    /// <summary>Good when True: everything that was due is in the bucket.</summary>
    public static ConditionType Exported { get; } = new("Exported");
}

/// <summary>Reasons of the condition Exported.</summary>
public static class CostExportReasons
{
    public static Reason Exported { get; } = new("Exported");

    public static Reason Suspended { get; } = new("Suspended");

    public static Reason InvalidSchedule { get; } = new("InvalidSchedule");

    public static Reason SecretMissing { get; } = new("SecretMissing");

    public static Reason BucketRefused { get; } = new("BucketRefused");

    public static Reason BucketUnreachable { get; } = new("BucketUnreachable");

    public static Reason LedgerUnavailable { get; } = new("LedgerUnavailable");

    public static Reason DiskFull { get; } = new("DiskFull");
}
