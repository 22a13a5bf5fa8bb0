namespace Fleet.Contracts.Alerts;

/// <summary>What texts of the kinds of alerts look like.</summary>
public static class AlertPatterns
{
    /// <summary>As Go and Kubernetes write durations: 90s, 15m, 1h30m. There is no unit above hours.</summary>
    public const string Duration = @"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$";

    /// <summary>Names of alerts, labels and annotations.</summary>
    public const string Name = "^[a-zA-Z_][a-zA-Z0-9_]*$";

    /// <summary>Name, operator and value, as Alertmanager writes matchers.</summary>
    public const string Matcher = @"^\s*[a-zA-Z_][a-zA-Z0-9_]*\s*(=|!=|=~|!~)[\s\S]*$";
}
