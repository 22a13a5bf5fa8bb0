using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Engine;

/// <summary>What came of the last evaluation of a rule.</summary>
/// <param name="Problem">Null when it could be evaluated.</param>
internal sealed record RuleReport(RuleKey Rule, string? Problem = null, bool IsMissing = false, bool IsInvalid = false);
