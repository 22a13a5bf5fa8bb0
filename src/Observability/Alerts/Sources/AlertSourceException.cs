namespace Fleet.Observability.Alerts.Sources;

/// <summary>A source did not answer, or there is none. The message is for the status of the rule: no secrets, no addresses with them.</summary>
internal sealed class AlertSourceException(string message, bool isMissing = false) : Exception(message)
{
    /// <summary>This installation does not have it; waiting does not help.</summary>
    public bool IsMissing { get; } = isMissing;
}
