using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Costs;

/// <summary><c>fleet costs</c>: what workloads cost, and the commands about costs below it.</summary>
internal static class CostsCommand
{
    private static readonly string[] IdleWords = ["show", "hide", "by-cluster", "by-node"];

    public static Command Build()
    {
        var window = new Option<string>("--window", "-w") { Description = "7d, 12h, today, yesterday, week, month, lastmonth, or two times with a comma between", DefaultValueFactory = _ => "7d" };
        var by = new Option<string>("--by") { Description = "cluster, namespace, controller, pod, team, label:KEY … or several with commas between", DefaultValueFactory = _ => "namespace" };
        var filter = new Option<string?>("--filter") { Description = "Only these rows, for example 'namespace:\"shop\"+cluster:\"team/web\"'" };
        var idle = new Option<string>("--idle") { Description = "What nobody used: show, hide, by-cluster or by-node", DefaultValueFactory = _ => "show" };
        idle.AcceptOnlyFromAmong(IdleWords);
        var share = new Option<bool>("--share-idle") { Description = "Give idle to those who run on the same machines" };
        var compare = new Option<bool>("--compare") { Description = "Beside it the same time before" };
        var currency = new Option<string?>("--currency") { Description = "Where the fleet has several: only costs in this one" };
        var output = OutputOption.OfAnswers();
        var command = new Command("costs", "Show what workloads cost, and who causes it.") { window, by, filter, idle, share, compare, currency, output, FleetRest.RestOption };
        foreach (var below in (Command[])[CostLists.Clusters(), CostLists.Budgets(), CostLists.Anomalies(), CostLists.Showback(), SummaryCommand.Build(), ExportCommand.Build(), ValidateCommand.Build(), ReconcileCommand.Build()])
            command.Subcommands.Add(below);
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var format = OutputOption.Parse(parsed.GetValue(output)!);
            var (asked, idleWord) = (parsed.GetValue(window)!, parsed.GetValue(idle)!);
            var isShared = parsed.GetValue(share);
            if (parsed.GetValue(compare) && format is OutputFormat.Json or OutputFormat.Yaml)
                throw new CommandException("--compare is for tables and csv: json and yaml are the answer for one window.", ExitCodes.Usage);
            // The window before is known before anything is asked.
            var earlier = parsed.GetValue(compare) ? CostWindows.Before(asked) : null;
            List<(string, string?)> query =
            [
                ("aggregate", parsed.GetValue(by)), ("filter", parsed.GetValue(filter)), ("currency", parsed.GetValue(currency)), ("accumulate", "true"),
                ("includeIdle", isShared || idleWord != "hide" ? "true" : null), ("shareIdle", isShared ? "true" : null), ("idleByNode", idleWord == "by-node" ? "true" : null),
                ("splitIdle", idleWord is "by-cluster" or "by-node" ? "true" : null),
            ];
            var answer = await AskAsync(rest, asked, query, ct);
            if (format is OutputFormat.Json or OutputFormat.Yaml)
                AnswerTable.Write(Console.Out, answer, format);
            else
                CostRows.Write(Console.Out, answer, earlier is null ? null : await AskAsync(rest, earlier, query, ct), parsed.GetValue(by)!, format);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Task<JsonObject> AskAsync(FleetRest rest, string window, IEnumerable<(string, string?)> query, CancellationToken ct) =>
        rest.ExchangeAsync(HttpMethod.Get, "allocation" + AnswerCommand.Query([("window", window), .. query]), null, ct);
}
