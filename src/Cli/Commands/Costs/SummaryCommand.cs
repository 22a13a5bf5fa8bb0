using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;

namespace Fleet.Cli.Commands.Costs;

/// <summary><c>fleet costs summary</c>: the month on one page.</summary>
internal static class SummaryCommand
{
    public static Command Build()
    {
        var filter = new Option<string?>("--filter") { Description = "Only these costs, as of `fleet costs`" };
        var output = new Option<string>("--output", "-o") { Description = "table, json or yaml", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json", "yaml");
        var command = new Command("summary", "Show the month on one page: spent, forecast, budget, idle, and what changed most.") { filter, output, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var answer = await rest.ExchangeAsync(HttpMethod.Get, "api/v1/costs/summary" + AnswerCommand.Query([("filter", parsed.GetValue(filter))]), null, ct);
            var format = OutputOption.Parse(parsed.GetValue(output)!);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
                AnswerTable.Write(Console.Out, answer, format);
            else
                Write(Console.Out, answer);
            return ExitCodes.Success;
        });
        return command;
    }

    public static void Write(TextWriter output, JsonObject summary)
    {
        var currency = (string?)summary["currency"] ?? "";
        Line("This month", Money("monthToDate"));
        Line("Forecast", summary["forecast"] is not JsonObject forecast || forecast["enoughHistory"] is { } enough && !(bool)enough
            ? "not yet: there is not enough history"
            : $"{Of(forecast["amount"])}, {Of(forecast["low"])} to {Of(forecast["high"])}");
        Line("Last month", summary["lastMonthToSameDay"] is null ? Money("lastMonth") : $"{Money("lastMonth")}, {Of(summary["lastMonthToSameDay"])} to the same day");
        if (summary["budget"] is JsonObject budget)
            Line("Budget", $"{Of(budget["spent"])} of {Of(budget["amount"])}");
        Line("Idle", summary["idlePercent"] is { } idle ? $"{AnswerColumn.Plain(idle)} %" : "-");
        Line("Efficiency", summary["efficiency"] is { } efficiency ? AnswerColumn.Percent((double)efficiency) : "-");
        if (summary["savings"] is JsonObject savings)
            Line("Savings", $"{Of(savings["cash"])} a month, and {Of(savings["freed"])} that would be free for others");
        if (summary["missingPrices"] is { } missing && AnswerColumn.Plain(missing) is { Length: > 0 } unknown and not ("false" or "0"))
            Line("No price", $"{unknown}: costs are higher than what is shown");
        if (summary["balanced"] is { } balanced && balanced.GetValueKind() == System.Text.Json.JsonValueKind.False)
            Line("Fault", "workloads, idle and overhead do not add up to what is paid for");
        if (summary["simulated"] is { } simulated && simulated.GetValueKind() == System.Text.Json.JsonValueKind.True)
            Line("Note", "costs of simulated clusters are in it");
        Section("Changed most", "topMovers", new(
        [
            AnswerColumn.Of("KIND", "kind"), AnswerColumn.Of("NAME", "name"), AnswerColumn.Money("AMOUNT", "amount"), AnswerColumn.Money("BEFORE", "before"), AnswerColumn.Money("CHANGE", "change"),
        ], ""));
        Section("Clusters", "clusters", new(
            [AnswerColumn.Of("CLUSTER", "cluster"), AnswerColumn.Money("AMOUNT", "amount"), AnswerColumn.Money("CHANGE", "change"), AnswerColumn.Time("SEEN UNTIL", "seenUntil")], ""));

        void Line(string name, string text) => PageText.Line(output, name, text);

        string Money(string field) => Of(summary[field]);

        string Of(JsonNode? amount) => amount is null ? "-" : $"{AnswerColumn.Amount((double)amount)} {currency}".TrimEnd();

        void Section(string title, string field, AnswerTable table)
        {
            if (summary[field] is not JsonArray { Count: > 0 } items)
                return;
            output.WriteLine();
            output.WriteLine($"{title}:");
            table.WriteTable(output, [.. items.OfType<JsonObject>()], wide: false);
        }
    }
}
