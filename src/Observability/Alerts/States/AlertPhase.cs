namespace Fleet.Observability.Alerts.States;

internal enum AlertPhase
{
    /// <summary>Its condition holds, not yet for long enough.</summary>
    Pending,
    Firing,
    Resolved,
}
