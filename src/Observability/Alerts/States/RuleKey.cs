namespace Fleet.Observability.Alerts.States;

/// <summary>One rule: namespace and name of its AlertRule, and the alert's own name in it.</summary>
internal readonly record struct RuleKey(string Namespace, string Name, string Alert)
{
    public override string ToString() => $"{Namespace}/{Name}/{Alert}";
}
