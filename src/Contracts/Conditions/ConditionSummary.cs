namespace Fleet.Contracts.Conditions;

/// <summary>
/// Computes Ready from the other conditions, in this order: being deleted; errors, joined; still progressing; something that others
/// should be told about; unknown; ready. The only place that makes Ready.
/// </summary>
public static class ConditionSummary
{
    /// <summary>Upstream's text, which scripts look for.</summary>
    public const string ReadyMessage = "Object is ready";

    /// <param name="conditions">Every condition that counts; Ready, Deleting and Paused themselves are left out.</param>
    /// <param name="warnings">False conditions of these types do not make the object unready: their text is added to the message.</param>
    public static Condition Ready(IEnumerable<Condition> conditions, params ReadOnlySpan<ConditionType> warnings)
    {
        var all = conditions.ToList();
        if (all.Find(condition => condition.Type == SharedConditions.Deleting) is { } deleting)
            return Condition.False(SharedConditions.Ready, Reason.Deleting, deleting.Message);
        if (all.Find(condition => condition.Type == SharedConditions.Paused && condition.Status == ConditionStatus.True) is { } paused)
            return Condition.False(SharedConditions.Ready, Reason.Paused, paused.Message);

        List<string> errors = [], steps = [], hints = [], unknown = [];
        foreach (var condition in all.Where(condition => condition.Type != SharedConditions.Ready && condition.Type != SharedConditions.Paused))
            switch (condition.Status)
            {
                case ConditionStatus.False when warnings.Contains(condition.Type):
                    hints.Add(condition.Message);
                    break;
                case ConditionStatus.False when condition.Reason == Reason.Progressing:
                    steps.Add(condition.Message);
                    break;
                case ConditionStatus.False:
                    errors.Add(condition.Message);
                    break;
                case ConditionStatus.Unknown:
                    unknown.Add(condition.Message);
                    break;
            }
        if (errors.Count > 0)
            return Condition.False(SharedConditions.Ready, Reason.Failed, Join(errors));
        if (steps.Count > 0)
            return Condition.False(SharedConditions.Ready, Reason.Progressing, Join(steps));
        if (unknown.Count > 0)
            return Condition.Unknown(SharedConditions.Ready, Reason.Progressing, Join(unknown));
        return Condition.True(SharedConditions.Ready, Reason.Succeeded, hints.Count > 0 ? Join(hints) : ReadyMessage);
    }

    private static string Join(IEnumerable<string> messages) =>
        string.Join(". ", messages.Where(message => message.Length > 0).Select(message => message.TrimEnd('.')).Distinct());
}
