using Fleet.Contracts.Alerts;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>Which kind of receiver a spec is of. Pure.</summary>
internal static class ReceiverTypes
{
    public const string Alertmanager = "alertmanager";

    public static string Of(ReceiverSpec spec) => spec switch
    {
        { Email: not null } => "email",
        { Slack: not null } => "slack",
        { PagerDuty: not null } => "pagerDuty",
        { MsTeams: not null } => "msTeams",
        { Webhook: not null } => "webhook",
        { Alertmanager: not null } => Alertmanager,
        _ => "",
    };
}
