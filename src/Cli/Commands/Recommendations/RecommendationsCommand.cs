using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Recommendations;

/// <summary><c>fleet recommendations</c>: what could be smaller or go, and what is to become of it.</summary>
internal static class RecommendationsCommand
{
    private const string Root = "api/v1/recommendations";

    public static Command Build() => new("recommendations", "Show what could be smaller or go, with what it saves; dismiss, snooze or apply it.")
    {
        List(),
        Act("dismiss", "Not wanted: it is not shown again."),
        Snooze(),
        Act("reopen", "Take a dismissal or a snooze back."),
        Act("apply", "Do it, by the declaration of the service or object; else say how by hand."),
    };

    private static Command List() => new AnswerCommand(
        "list", "List them, most savings first.", Root,
        new(
        [
            AnswerColumn.Of("ID", "id"), AnswerColumn.Of("KIND", "kind"), AnswerColumn.Of("CLUSTER", "cluster"),
            new("OBJECT", item => $"{AnswerColumn.At(item, "object.kind")}/{AnswerColumn.At(item, "object.name")}{(AnswerColumn.At(item, "object.container") is { } container ? $" [{container}]" : "")}"),
            new("BY", item => WayOf((string?)item["apply"])),
            AnswerColumn.Money("CASH", "savings.monthlyCash"), AnswerColumn.Money("FREED", "savings.monthlyFreed"), AnswerColumn.Of("CURRENCY", "savings.currency") with { IsWide = true },
            AnswerColumn.Of("NAMESPACE", "namespace") with { IsWide = true }, AnswerColumn.Of("STATE", "state") with { IsWide = true }, AnswerColumn.Of("SUMMARY", "summary") with { IsWide = true },
        ], "There are no recommendations."))
    {
        Filters =
        [
            (AnswerCommand.Filter("--state", "open, dismissed, snoozed or applied; default: open", "open", "dismissed", "snoozed", "applied"), "state"),
            (AnswerCommand.Filter("--kind", "Only this kind of recommendation"), "kind"),
        ],
    }.Build();

    private static Command Snooze()
    {
        var until = new Option<string?>("--until") { Description = "When it is shown again, for example 2026-12-24", Required = true };
        until.Validators.Add(parsed =>
        {
            if (!DateTimeOffset.TryParse(parsed.GetValue(until), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out _))
                parsed.AddError("--until must be a day such as 2026-12-24 or a time");
        });
        return Act("snooze", "Not now: it is shown again later.", until);
    }

    private static Command Act(string verb, string description, Option<string?>? until = null)
    {
        var id = new Argument<string>("id") { Description = "As `fleet recommendations list` shows it" };
        var command = new Command(verb, description) { id, FleetRest.RestOption };
        if (until is not null)
            command.Options.Add(until);
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var body = until is not null && DateTimeOffset.Parse(parsed.GetValue(until)!, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal) is var time
                ? new StringContent(new JsonObject { ["until"] = time.ToUniversalTime() }.ToJsonString(), System.Text.Encoding.UTF8, "application/json")
                : null;
            var answer = await rest.ExchangeAsync(HttpMethod.Post, $"{Root}/{Uri.EscapeDataString(parsed.GetValue(id)!)}/{verb}", body, ct);
            // What a person may write instead can be kept as a file: the reason goes elsewhere.
            Console.WriteLine(TextOf(parsed.GetValue(id)!, answer));
            return (bool?)answer["applyable"] == false ? throw new CommandException(WhyNot(parsed.GetValue(id)!, answer), ExitCodes.Failed) : ExitCodes.Success;
        });
        return command;
    }

    /// <summary>By what it can be followed, in short.</summary>
    private static string WayOf(string? apply) => apply switch { "manual" => "hand", null => "", _ => apply };

    internal static string WhyNot(string id, JsonObject answer) => $"{id}: nothing is changed, this has to be done by hand: {(string?)answer["reason"]}";

    /// <summary>What became of it; of what can not be done through the fleet, what a person may write instead.</summary>
    internal static string TextOf(string id, JsonObject answer) => (bool?)answer["applyable"] == false
        ? ((string?)answer["patch"] ?? "").TrimEnd()
        : (string?)answer["message"] ?? $"{id}: {(string?)answer["state"] ?? ((string?)answer["object"] is { } changed ? $"{changed} is changed at {(string?)answer["path"]}" : "done")}";
}
