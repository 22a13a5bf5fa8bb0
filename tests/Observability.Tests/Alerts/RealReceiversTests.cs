using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Alerts;
using Fleet.Observability.Alerts;
using Fleet.Observability.Alerts.Delivery;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;
using Fleet.Testing.Servers;
using Receiver = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Alerts.ReceiverSpec, Fleet.Contracts.Alerts.ReceiverStatus>;

namespace Fleet.Observability.Tests.Alerts;

/// <summary>Debian's Alertmanager, and a real relay for mail.</summary>
public sealed class RealReceiversTests
{
    private static readonly AlertOptions Options = new() { AllowLoopback = true };
    private static readonly EmailReceiver Mail = new() { Host = "localhost", From = "fleet@example.com", To = ["ana@example.com", "ben@example.com"] };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Alertmanager_takes_what_fires_and_forgets_what_is_over()
    {
        await using var manager = await Alertmanager.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        using var http = new GuardedHttp(new(Options), Options, TimeProvider.System);
        var poster = new AlertmanagerPoster(http, null!, TimeProvider.System);
        var receiver = new Receiver { Metadata = new() { Namespace = "team-a", Name = "am" }, Spec = new() { Alertmanager = new() { Urls = [manager.Address.ToString()] } } };
        AlertInstance Alert(string cluster) => new()
        {
            Id = cluster, Rule = new("kcm-system", "usual", "ClusterNotReady"), Labels = AlertLabels.Of([new("alertname", "ClusterNotReady"), new("cluster", cluster), new("clusterNamespace", "team-a")]),
            Annotations = AlertLabels.Of([new("summary", "Not \"ready\"")]), Phase = AlertPhase.Firing, ActiveSince = now.AddMinutes(-5), FiredAt = now.AddMinutes(-3),
        };
        Assert.Equal(DeliveryVerdict.Delivered, (await poster.PostAsync(receiver, [Alert("web"), Alert("db")], TimeSpan.FromMinutes(1), Cancel)).Verdict);
        var taken = await manager.AlertsAsync();
        Assert.Equal(["db", "web"], taken.Select(alert => (string?)alert!["labels"]!["cluster"]).Order());
        Assert.Equal("Not \"ready\"", (string?)taken[0]!["annotations"]!["summary"]);
        // It is told until when it may believe that: four times the interval.
        Assert.InRange(DateTimeOffset.Parse((string)taken[0]!["endsAt"]!, System.Globalization.CultureInfo.InvariantCulture) - now, TimeSpan.FromMinutes(3.9), TimeSpan.FromMinutes(4.9));

        Assert.Equal(DeliveryVerdict.Delivered, (await poster.PostAsync(receiver, [Alert("web") with { Phase = AlertPhase.Resolved, ResolvedAt = now }], TimeSpan.FromMinutes(1), Cancel)).Verdict);
        Assert.Equal(["db"], (await manager.AlertsAsync()).Select(alert => (string?)alert!["labels"]!["cluster"]));

        // An Alertmanager refuses labels that are none: that is told, not lost.
        var bad = Alert("x") with { Labels = AlertLabels.Of([new("not a label", "x")]) };
        Assert.Equal((DeliveryVerdict.Refused, 400), ((await poster.PostAsync(receiver, [bad], TimeSpan.FromMinutes(1), Cancel)) is var refused ? (refused.Verdict, refused.Code) : default));
    }

    [Fact]
    public async Task A_relay_gets_mail_over_TLS_with_a_password_and_says_what_it_does_not_take()
    {
        await using var server = await SmtpRelay.StartAsync();
        var relay = new MailRelay("localhost", server.Port, "StartTls", server.AuthorityPem, SmtpRelay.User, SmtpRelay.Password);
        Assert.Equal((DeliveryVerdict.Delivered, ""), await SendAsync(relay));
        var mail = Assert.Single(await server.MailsAsync(1));
        Assert.True((bool)mail["tls"]!);
        Assert.Equal(["ana@example.com", "ben@example.com"], ((JsonArray)mail["to"]!).Select(one => (string?)one));
        var content = Encoding.ASCII.GetString(Convert.FromBase64String((string)mail["content"]!));
        Assert.Contains("Subject: [FIRING:1] ClusterNotReady on team-a/web\r\n", content, StringComparison.Ordinal);
        Assert.Contains("Message-ID: <n1@example.com>\r\n", content, StringComparison.Ordinal);
        Assert.Contains("References: <group@example.com>\r\n", content, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated\r\n", content, StringComparison.Ordinal);
        Assert.All(content.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.Contains(".it is not ready, ünd so ön", Encoding.UTF8.GetString(Convert.FromBase64String(content.Split("base64\r\n\r\n")[1].Split("\r\n--")[0].Replace("\r\n", "", StringComparison.Ordinal))), StringComparison.Ordinal);

        // What is wrong is told: the password, an unknown recipient, a certificate that nobody vouches for, no TLS.
        Assert.Equal((DeliveryVerdict.Failed, "the relay answers 535 to the password"), await SendAsync(relay with { Password = "another" }));
        Assert.Equal((DeliveryVerdict.Refused, "the relay answers 550 to a recipient"), await SendAsync(relay, Mail with { To = ["nobody@example.com"] }));
        Assert.Equal((DeliveryVerdict.Failed, "the relay's certificate is not trusted"), await SendAsync(relay with { CaPem = null }));
        Assert.Equal((DeliveryVerdict.Failed, "a password is sent over TLS only"), await SendAsync(relay with { Tls = "None" }));
        Assert.Equal((DeliveryVerdict.Failed, "the relay answers 530 to the sender"), await SendAsync(relay with { Tls = "None", Username = null, Password = null }));
        Assert.Single(await server.MailsAsync(1));
        // Nobody listens there, and where it may not be.
        Assert.StartsWith("the relay can not be reached", (await SendAsync(relay with { Port = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("receivers may not be at", (await SendAsync(relay, options: new())).Message, StringComparison.Ordinal);
    }

    private static async Task<(DeliveryVerdict Verdict, string Message)> SendAsync(MailRelay relay, EmailReceiver? receiver = null, AlertOptions? options = null)
    {
        var labels = new Dictionary<string, string> { ["alertname"] = "ClusterNotReady", ["cluster"] = "web", ["clusterNamespace"] = "team-a" };
        var notification = new Notification
        {
            Id = "n1", GroupKey = "group", Namespace = "team-a", Receiver = "mail", GroupLabels = new Dictionary<string, string> { ["alertname"] = "ClusterNotReady" }, At = DateTimeOffset.UnixEpoch,
            Alerts = [new("a", "kcm-system", "usual", labels, new Dictionary<string, string> { ["summary"] = ".it is not ready, ünd so ön" }, DateTimeOffset.UnixEpoch, null, 1, "i")],
        };
        var mail = MailMessage.Of(receiver ?? Mail, notification, new(notification, null, "{{ .commonAnnotations.summary }}", null), DateTimeOffset.UnixEpoch);
        var outcome = await new SmtpDelivery(new(options ?? Options), options ?? Options).SendAsync(relay, Mail.From, (receiver ?? Mail).To, mail, Cancel);
        return (outcome.Verdict, outcome.Message);
    }
}
