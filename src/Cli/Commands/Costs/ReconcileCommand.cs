using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;

namespace Fleet.Cli.Commands.Costs;

/// <summary><c>fleet costs reconcile BILL</c>: what a provider billed beside what price sheets say.</summary>
internal static class ReconcileCommand
{
    private const int MostUnmatched = 20;

    private static readonly AnswerTable Resources = new(
    [
        AnswerColumn.Of("CLUSTER", "cluster"), AnswerColumn.Of("KIND", "kind") with { IsWide = true }, AnswerColumn.Of("NAME", "name"), AnswerColumn.Of("RESOURCE", "resourceId") with { IsWide = true },
        AnswerColumn.Of("SERVICES", "services") with { IsWide = true }, AnswerColumn.Money("LIST", "listCost"), AnswerColumn.Money("BILL", "effectiveCost"), AnswerColumn.Money("ADJUSTMENT", "adjustment"),
        AnswerColumn.Number("FACTOR", "factor") with { Format = factor => ((double)factor).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) },
    ], "Nothing of the bill is in the fleet.");

    private static readonly AnswerTable OfBill = new([AnswerColumn.Of("RESOURCE", "resourceId"), AnswerColumn.Of("SERVICE", "service"), AnswerColumn.Money("BILL", "effectiveCost")], "");

    private static readonly AnswerTable OfList = new(
        [AnswerColumn.Of("CLUSTER", "cluster"), AnswerColumn.Of("KIND", "kind"), AnswerColumn.Of("NAME", "name"), AnswerColumn.Money("LIST", "listCost")], "");

    public static Command Build()
    {
        var file = new Argument<string>("bill") { Description = "FOCUS 1.0 to 1.2 as CSV or JSON lines, packed by gzip or not; - for standard input" };
        var from = new Option<string?>("--from") { Description = "First day, for example 2026-11-01" };
        var to = new Option<string?>("--to") { Description = "The day that is not in it any more; default: tomorrow" };
        var period = new Option<string?>("--period") { Description = "A month, for example 2026-10; default: the running one" };
        var currency = new Option<string?>("--currency") { Description = "Where the bill has several: only rows in this one" };
        var import = new Option<string?>("--import") { Description = "Adjust costs by it and keep that under this name, in the place of what is kept under it; taken back by DELETE /api/v1/costs/bills/NAME" };
        var output = OutputOption.OfAnswers();
        var command = new Command("reconcile", "Compare a provider's FOCUS bill with list prices, and show what each knows alone.") { file, from, to, period, currency, import, output, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var reader = BillFile.Open(parsed.GetValue(file)!);
            var isLines = BillFile.IsJsonLines(reader);
            using var rest = await FleetRest.ConnectAsync(parsed, ct, TimeSpan.FromHours(1));
            var name = parsed.GetValue(import);
            var answer = await rest.ExchangeAsync(name is null ? HttpMethod.Post : HttpMethod.Put, (name is null ? "api/v1/costs/reconcile" : $"api/v1/costs/bills/{Uri.EscapeDataString(name)}") + AnswerCommand.Query(
            [
                ("start", parsed.GetValue(from)), ("end", parsed.GetValue(to)), ("period", parsed.GetValue(period)), ("currency", parsed.GetValue(currency)), ("format", isLines ? "jsonl" : "csv"),
            ]), new BillContent(reader), ct);
            var format = OutputOption.Parse(parsed.GetValue(output)!);
            Resources.Write(Console.Out, answer, [.. Items(answer)], format);
            if (format is OutputFormat.Table or OutputFormat.Wide)
                WriteUnmatched(Console.Out, answer);
            return ExitCodes.Success;
        });
        return command;
    }

    public static void WriteUnmatched(TextWriter output, JsonObject answer)
    {
        Section("Only in the bill", "unmatchedBill", "effectiveCost", OfBill);
        Section("Only in the fleet", "unmatchedList", "listCost", OfList);
        output.WriteLine();
        PageText.Line(output, "List price", Money(answer, "listCost"));
        PageText.Line(output, "Bill", Money(answer, "effectiveCost"));
        if (answer["imported"] is JsonObject imported)
            PageText.Line(output, "Adjustment", $"{AnswerColumn.Amount((double?)imported["adjustment"] ?? 0)} {answer["currency"]}, kept as {imported["name"]}");

        void Section(string title, string field, string sum, AnswerTable table)
        {
            if (answer[field] is not JsonObject part || (int?)part["count"] is not > 0)
                return;
            var items = Items(part).Take(MostUnmatched).ToList();
            output.WriteLine();
            output.WriteLine($"{title}, {part["count"]} together {Money(part, sum)}{((int)part["count"]! > items.Count ? $", the first {items.Count}" : "")}:");
            table.WriteTable(output, items, wide: false);
        }

        string Money(JsonObject from, string field) => $"{AnswerColumn.Amount((double?)from[field] ?? 0)} {answer["currency"]}".TrimEnd();
    }

    private static IEnumerable<JsonObject> Items(JsonObject of) => (of["items"] as JsonArray ?? []).OfType<JsonObject>();
}
