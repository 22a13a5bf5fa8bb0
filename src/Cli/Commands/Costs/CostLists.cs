using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;

namespace Fleet.Cli.Commands.Costs;

/// <summary>Lists about costs.</summary>
internal static class CostLists
{
    private const string Root = "api/v1/costs";

    public static Command Clusters() => new AnswerCommand(
        "clusters", "Show how far the costs of each cluster reach, and what may be missing in them.", $"{Root}/clusters",
        new(
        [
            AnswerColumn.Of("CLUSTER", "cluster"), AnswerColumn.Time("SEEN UNTIL", "seenUntil"), new("ADDS UP", item => item["balanced"] is { } balanced ? (bool)balanced ? "yes" : "no" : null),
            new("SIMULATED", item => item["simulated"] is { } simulated && (bool)simulated ? "yes" : null) { IsRemark = true }, AnswerColumn.Of("UID", "clusterUid") with { IsWide = true },
            new("PROBLEMS", item => item["problems"] is JsonArray { Count: > 0 } problems ? problems : null) { IsRemark = true },
        ], "No cluster has costs yet.")).Build();

    public static Command Budgets() => new AnswerCommand(
        "budgets", "Show budgets: what is spent of them, and what will be at the end.", $"{Root}/budgets",
        new(
        [
            AnswerColumn.Of("NAMESPACE", "namespace"), AnswerColumn.Of("NAME", "name"), AnswerColumn.Of("STATE", "state"), AnswerColumn.Money("AMOUNT", "amount"), AnswerColumn.Money("SPENT", "spent"),
            AnswerColumn.Percent("USED", item => AnswerColumn.At(item, "amount") is { } amount && (double)amount > 0 ? (double?)item["spent"] / (double)amount : null),
            AnswerColumn.Money("FORECAST", "forecast.amount"), AnswerColumn.Of("CURRENCY", "currency"), AnswerColumn.Time("UNTIL", "period.end") with { IsWide = true },
            AnswerColumn.Of("FILTER", "filter") with { IsWide = true }, AnswerColumn.Of("MESSAGE", "message") with { IsWide = true },
        ], "There are no budgets.")).Build();

    public static Command Anomalies() => new AnswerCommand(
        "anomalies", "Show days on which something cost what it usually does not.", $"{Root}/anomalies",
        new(
        [
            AnswerColumn.Of("SERIES", "series"), AnswerColumn.Of("SEVERITY", "severity"), AnswerColumn.Time("START", "start"), AnswerColumn.Time("END", "end"), AnswerColumn.Money("EXPECTED", "expected"),
            AnswerColumn.Money("ACTUAL", "actual"), AnswerColumn.Money("IMPACT", "impact"), AnswerColumn.Of("ID", "id") with { IsWide = true }, AnswerColumn.Of("TOP", "top") with { IsWide = true },
        ], "There are no anomalies."))
    {
        Filters = [(AnswerCommand.Filter("--state", "open, closed or all; default: open", "open", "closed", "all"), "state")],
    }.Build();

    public static Command Showback() => new AnswerCommand(
        "showback", "Show who pays for what in a month: own costs, shared ones and idle.", $"{Root}/showback",
        new(
        [
            AnswerColumn.Of("OWNER", "owner"), AnswerColumn.Money("DIRECT", "direct"), AnswerColumn.Money("SHARED", "shared"), AnswerColumn.Money("IDLE", "idle"), AnswerColumn.Money("TOTAL", "total"),
            AnswerColumn.Money("BEFORE", "before"), AnswerColumn.Money("CHANGE", "change"), AnswerColumn.Percent("SHARE", item => (double?)item["share"]),
        ], "Nothing was spent in this month."))
    {
        Filters =
        [
            (AnswerCommand.Filter("--period", "A month, for example 2026-10; default: the running one"), "period"),
            (AnswerCommand.Filter("--by", "Whose costs are added up: team, department, product, namespace, cluster or category:NAME; default: team"), "by"),
        ],
    }.Build();
}
