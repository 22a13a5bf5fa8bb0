using System.Globalization;
using Fleet.Contracts.Compliance;
using Fleet.Contracts.Conditions;

namespace Fleet.StateManager.Compliance.Exceptions;

/// <summary>The condition of a ComplianceException. Pure.</summary>
internal static class ExceptionConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { ComplianceExceptionConditions.Active };

    public static IReadOnlyList<Condition> All(ExceptionRow row, DateTimeOffset now)
    {
        var day = row.Spec.Expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        var condition = row.IsActive(now)
            ? Condition.True(ComplianceExceptionConditions.Active, ComplianceExceptionConditions.InForce, $"Counts until {day}")
            : Condition.False(ComplianceExceptionConditions.Active, ComplianceExceptionConditions.Expired, $"Ended at {day}: what it covered counts again");
        return [condition with { ObservedGeneration = row.Generation }];
    }
}
