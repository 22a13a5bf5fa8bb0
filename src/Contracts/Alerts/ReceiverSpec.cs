using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Alerts;

[Kind("Receiver", "receivers", Status = typeof(ReceiverStatus))]
[PrinterColumn(0, "Type", "string", ".status.type", Description = "How it is told")]
[PrinterColumn(1, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", Description = "Whether it takes what it is told")]
[PrinterColumn(2, "Last", "date", ".status.lastDelivery", Description = "When something was last delivered")]
[PrinterColumn(3, "Dead", "integer", ".status.dead", Description = "Notifications that were given up")]
[PrinterColumn(4, "Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Description = "What is wrong", Priority = 1)]
[PrinterColumn(5, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[ExactlyOneOf("email", "slack", "pagerDuty", "msTeams", "webhook", "alertmanager")]
[Description("Who can be told of alerts. Secrets are named, never written here, and are in the same namespace.")]
public sealed record ReceiverSpec
{
    [Description("Mail, by a relay.")]
    public EmailReceiver? Email { get; set; }

    [Description("A channel of Slack, by an incoming webhook.")]
    public SlackReceiver? Slack { get; set; }

    [Description("A service of PagerDuty, by Events API v2.")]
    public PagerDutyReceiver? PagerDuty { get; set; }

    [Description("A channel of Microsoft Teams, by a workflow.")]
    public MsTeamsReceiver? MsTeams { get; set; }

    [Description("Anything that takes JSON by POST.")]
    public WebhookReceiver? Webhook { get; set; }

    [Description("An Alertmanager that does grouping, silences and notifications itself. It gets every alert that the namespace sees, no route names it.")]
    public AlertmanagerReceiver? Alertmanager { get; set; }

    [Description("False: it is not told when alerts are over. Absent means it is.")]
    public bool? SendResolved { get; set; }

    [StringLength(1024), Description("Template of the title; absent means one that says state, alert and clusters.")]
    public string? TitleTemplate { get; set; }

    [StringLength(8192), Description("Template of the text; absent means one that lists the alerts.")]
    public string? TextTemplate { get; set; }
}

/// <summary>One value of a Secret in the same namespace.</summary>
[Atomic]
public sealed record ReceiverSecret
{
    [Required, StringLength(253, MinimumLength = 1), Description("Name of the Secret.")]
    public string Name { get; set; } = "";

    [Required, StringLength(253, MinimumLength = 1), Description("Key of the value.")]
    public string Key { get; set; } = "";
}

[Rule("!has(self.username) || has(self.passwordSecret)", "passwordSecret is needed with username")]
public sealed record EmailReceiver
{
    [Required, StringLength(253, MinimumLength = 1), Description("Name or address of the relay.")]
    public string Host { get; set; } = "";

    [Range(1, 65535), Description("Its port; absent means 587, or 465 with tls: Implicit.")]
    public int? Port { get; set; }

    [AllowedValues("StartTls", "Implicit", "None"), Description("StartTls: mail goes only after the relay has switched to TLS. Implicit: TLS from the start. None: in the clear, and never with a password. Absent means StartTls.")]
    public string? Tls { get; set; }

    [Description("Certificates in PEM that the relay's is checked against; absent means the machine's.")]
    public ReceiverSecret? CaSecret { get; set; }

    [Required, StringLength(320, MinimumLength = 3), Description("Who it is from.")]
    public string From { get; set; } = "";

    [Required, MinLength(1), MaxLength(50), Atomic, Description("Who gets it.")]
    public List<string> To { get; set; } = [];

    [StringLength(320), Description("User at the relay; absent means it asks for none.")]
    public string? Username { get; set; }

    [Description("Password of the user.")]
    public ReceiverSecret? PasswordSecret { get; set; }
}

public sealed record SlackReceiver
{
    [Required, Description("Address of the incoming webhook: whoever knows it may post, so it is a secret.")]
    public ReceiverSecret UrlSecret { get; set; } = new();

    [StringLength(80), Description("Channel, where the webhook lets one choose.")]
    public string? Channel { get; set; }

    [StringLength(80), Description("Name under which it is posted, where the webhook lets one choose.")]
    public string? Username { get; set; }
}

public sealed record PagerDutyReceiver
{
    [Required, Description("Integration key of the service.")]
    public ReceiverSecret RoutingKeySecret { get; set; } = new();

    [StringLength(2048), RegularExpression("^https?://"), Description("Where events go; absent means https://events.pagerduty.com/v2/enqueue. In the European region it is another.")]
    public string? Url { get; set; }
}

public sealed record MsTeamsReceiver
{
    [Required, Description("Address of the workflow: whoever knows it may post, so it is a secret.")]
    public ReceiverSecret UrlSecret { get; set; } = new();
}

public sealed record WebhookReceiver
{
    [Required, StringLength(2048), RegularExpression("^https?://"), Description("Where it is posted to. No user and password in it.")]
    public string Url { get; set; } = "";

    [Description("Key of the signature in the header Fleet-Signature: HMAC-SHA256 of time, a dot and body. Absent means no signature.")]
    public ReceiverSecret? SigningSecret { get; set; }

    [Description("Bearer token that is sent along.")]
    public ReceiverSecret? BearerTokenSecret { get; set; }
}

public sealed record AlertmanagerReceiver
{
    [Required, MinLength(1), MaxLength(10), Atomic, Description("Addresses, without /api/v2. Each gets every alert, as a cluster of Alertmanagers wants it.")]
    public List<string> Urls { get; set; } = [];

    [Description("Bearer token that is sent along.")]
    public ReceiverSecret? BearerTokenSecret { get; set; }

    [RegularExpression(AlertPatterns.Duration), Description("How often alerts that fire are sent again, at least 10s; absent means 1m. An Alertmanager takes for over what is not sent again in four times this.")]
    public string? ResendInterval { get; set; }
}
