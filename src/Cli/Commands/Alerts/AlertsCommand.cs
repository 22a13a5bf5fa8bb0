using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Connection;
using Fleet.Contracts;

namespace Fleet.Cli.Commands.Alerts;

/// <summary><c>fleet alerts</c>: what fires, silences, and whether receivers are reached.</summary>
internal static class AlertsCommand
{
    public static Command Build() => new("alerts", "Show what fires; silence it; test whether receivers are reached.")
    {
        List(), Incidents(), Silences(), Silence(), Expire(), Receivers(), Deliveries(), Test(),
    };

    private static Command List() => new AnswerCommand(
        "list", "List alerts.", "api/v1/alerts",
        new(
        [
            AnswerColumn.Of("STATE", "state"), AnswerColumn.Of("SEVERITY", "severity"), AnswerColumn.Of("RULE", "rule"), AnswerColumn.Of("CLUSTER", "cluster"), AnswerColumn.Time("SINCE", "since"),
            AnswerColumn.Of("SUMMARY", "summary"), AnswerColumn.Of("NAMESPACE", "namespace") with { IsWide = true }, AnswerColumn.Of("VALUE", "value") with { IsWide = true },
            AnswerColumn.Of("SILENCED BY", "silencedBy") with { IsWide = true }, AnswerColumn.Of("INHIBITED BY", "inhibitedBy") with { IsWide = true }, AnswerColumn.Of("LABELS", "labels") with { IsWide = true },
        ], "Nothing fires."))
    {
        Filters = [(AnswerCommand.Filter("--state", "firing, pending or resolved", "firing", "pending", "resolved"), "state")],
    }.Build();

    private static Command Incidents() => new AnswerCommand(
        "incidents", "List incidents: the same alert in many clusters is one.", "api/v1/incidents",
        new(
        [
            AnswerColumn.Of("ID", "id"), AnswerColumn.Of("STATE", "state"), AnswerColumn.Of("SEVERITY", "severity"), AnswerColumn.Of("RULE", "rule"), AnswerColumn.Time("SINCE", "since"),
            AnswerColumn.Number("ALERTS", "alerts"), AnswerColumn.Of("CLUSTERS", "clusters"),
        ], "There are no incidents.")).Build();

    private static Command Silences() => new AnswerCommand(
        "silences", "List silences.", "api/v1/silences",
        new(
        [
            AnswerColumn.Of("NAMESPACE", "namespace"), AnswerColumn.Of("NAME", "name"), AnswerColumn.Of("STATE", "state"), AnswerColumn.Time("UNTIL", "endsAt"), AnswerColumn.Of("MATCHERS", "matchers"),
            AnswerColumn.Of("COMMENT", "comment") with { IsWide = true }, AnswerColumn.Number("ALERTS", "alerts") with { IsWide = true }, AnswerColumn.Of("PROBLEM", "problem") with { IsWide = true },
        ], "Nothing is silenced.")).Build();

    private static Command Receivers() => new AnswerCommand(
        "receivers", "List receivers, and how deliveries to them went.", "api/v1/receivers",
        new(
        [
            AnswerColumn.Of("NAMESPACE", "namespace"), AnswerColumn.Of("NAME", "name"), AnswerColumn.Of("TYPE", "type"), AnswerColumn.Of("STATE", "state"), AnswerColumn.Time("LAST DELIVERY", "lastDelivery"),
            AnswerColumn.Number("FAILED", "failed"), AnswerColumn.Number("DEAD", "dead"), AnswerColumn.Of("MESSAGE", "message") with { IsWide = true },
        ], "There are no receivers.")).Build();

    private static Command Deliveries() => new AnswerCommand(
        "deliveries", "List what was sent to receivers, and how that went.", "api/v1/deliveries",
        new(
        [
            AnswerColumn.Time("TIME", "at"), AnswerColumn.Of("NAMESPACE", "namespace"), AnswerColumn.Of("RECEIVER", "receiver"), AnswerColumn.Of("OUTCOME", "outcome"), AnswerColumn.Number("ATTEMPT", "attempt"),
            AnswerColumn.Of("TITLE", "title"), AnswerColumn.Of("MESSAGE", "message") with { IsWide = true },
        ], "Nothing was sent."))
    {
        Filters = [(AnswerCommand.Filter("--receiver", "Only to this one: namespace/name"), "receiver")],
    }.Build();

    private static Command Silence()
    {
        var matchers = new Argument<string[]>("matcher") { Description = "Labels: alertname=NodeDown, cluster!=team/web, pod=~web-.*, pod!~web-.*", Arity = ArgumentArity.OneOrMore };
        var duration = new Option<string>("--for") { Description = "How long, for example 30m, 2h or 3d", DefaultValueFactory = _ => "2h" };
        var comment = new Option<string>("--comment") { Description = "Why, for those who wonder", Required = true };
        var @namespace = new Option<string?>("--namespace", "-n") { Description = "Of the alerts. Default: the fleet's own, for those of all" };
        matchers.Validators.Add(parsed =>
        {
            foreach (var word in (parsed.GetValue(matchers) ?? []).Where(word => AlertMatchers.Of(word) is null))
                parsed.AddError($"\"{word}\" is no matcher: LABEL=VALUE, LABEL!=VALUE, LABEL=~REGEX or LABEL!~REGEX");
        });
        duration.Validators.Add(parsed =>
        {
            if (AlertTimes.Of(parsed.GetValue(duration)!) is null)
                parsed.AddError("--for must be a length such as 30m, 2h or 3d");
        });
        var command = new Command("silence", "Keep alerts quiet for a time.") { matchers, duration, comment, @namespace, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var now = TimeProvider.System.GetUtcNow();
            var made = await rest.ExchangeAsync(HttpMethod.Post, "api/v1/silences", Json(new()
            {
                ["namespace"] = parsed.GetValue(@namespace) ?? FleetApi.SystemNamespace,
                ["comment"] = parsed.GetValue(comment),
                ["startsAt"] = now,
                ["endsAt"] = now + AlertTimes.Of(parsed.GetValue(duration)!)!.Value,
                ["matchers"] = new JsonArray([.. parsed.GetValue(matchers)!.Select(word => JsonValue.Create(AlertMatchers.Of(word)))]),
            }), ct);
            Console.WriteLine($"{made["namespace"]}/{made["name"]}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Expire()
    {
        var silence = Named("A silence: namespace/name");
        var command = new Command("expire", "End a silence now.") { silence, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            await rest.ExchangeAsync(HttpMethod.Delete, $"api/v1/silences/{Escaped(parsed.GetValue(silence)!)}", null, ct);
            Console.WriteLine($"{parsed.GetValue(silence)} has ended.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Test()
    {
        var receiver = Named("A receiver: namespace/name");
        var command = new Command("test", "Send a test to a receiver.") { receiver, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var answer = await rest.ExchangeAsync(HttpMethod.Post, $"api/v1/receivers/{Escaped(parsed.GetValue(receiver)!)}/test", null, ct);
            Console.WriteLine((string?)answer["message"] ?? (string?)answer["state"] ?? $"A test was sent to {parsed.GetValue(receiver)}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Argument<string> Named(string description)
    {
        var name = new Argument<string>("name") { Description = description };
        name.Validators.Add(parsed =>
        {
            if (parsed.GetValue(name)!.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
                parsed.AddError($"\"{parsed.GetValue(name)}\" must be namespace/name");
        });
        return name;
    }

    private static string Escaped(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
