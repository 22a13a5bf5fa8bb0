using System.CommandLine;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Commands.Clusters;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Telemetry;

/// <summary><c>fleet telemetry</c>: what clusters send, and the tokens that they send it with.</summary>
internal static class TelemetryCommand
{
    public static Command Build() => new("telemetry", "Show logs and traces of clusters; keep the tokens that they send telemetry with.") { Tokens(), Logs(), Traces() };

    public static Command Events() => new AnswerCommand(
        "events", "Show the history of events, newest first, also those that the API has forgotten.", "api/v1/events",
        new(
        [
            AnswerColumn.Time("LAST SEEN", "lastSeen"), AnswerColumn.Of("TYPE", "type"), AnswerColumn.Of("REASON", "reason"),
            new("OBJECT", item => $"{item["kind"]}/{item["name"]}"), AnswerColumn.Of("NAMESPACE", "namespace") with { IsWide = true }, AnswerColumn.Number("COUNT", "count") with { IsWide = true },
            AnswerColumn.Of("MESSAGE", "message"),
        ], "No events are known."))
    {
        Filters =
        [
            (NamespaceFilter(), "namespace"), (AnswerCommand.Filter("--name", "Only of objects of this name"), "name"),
            (AnswerCommand.Filter("--since", "Only since this time, for example 2026-11-21T06:00:00Z"), "since"), (AnswerCommand.Filter("--limit", "How many"), "limit"),
        ],
        AllPages = false,
    }.Build();

    private static Command Logs() => new AnswerCommand(
        "logs", "Show logs that clusters sent.", "api/v1/logs",
        new(
        [
            AnswerColumn.Time("TIME", "time"), AnswerColumn.Of("CLUSTER", "cluster"), AnswerColumn.Of("SEVERITY", "severity"), AnswerColumn.Of("TRACE", "traceId") with { IsWide = true },
            AnswerColumn.Of("RESOURCE", "resource") with { IsWide = true }, AnswerColumn.Of("BODY", "body"),
        ], "There are no such logs."))
    {
        Filters =
        [
            (AnswerCommand.Filter("--cluster", "Only of this cluster: namespace/name"), "cluster"), (NamespaceFilter(), "namespace"), (AnswerCommand.Filter("--pod", "Only of this pod"), "pod"),
            (AnswerCommand.Filter("--grep", "Only lines that contain this text"), "q"), (AnswerCommand.Filter("--severity", "Only of this severity and worse"), "severity"),
            (AnswerCommand.Filter("--from", "Only since this time"), "from"), (AnswerCommand.Filter("--to", "Only before this time"), "to"), (AnswerCommand.Filter("--limit", "How many"), "limit"),
        ],
        AllPages = false,
    }.Build();

    private static Command Traces() => new AnswerCommand(
        "traces", "Show traces that clusters sent.", "api/v1/traces",
        new(
        [
            AnswerColumn.Of("TRACE", "traceId"), AnswerColumn.Of("ROOT", "root"), AnswerColumn.Of("SERVICE", "service"), AnswerColumn.Time("START", "start"), AnswerColumn.Number("DURATION", "duration"),
            AnswerColumn.Number("SPANS", "spans"), AnswerColumn.Number("ERRORS", "errors"),
        ], "There are no such traces."))
    {
        Filters =
        [
            (AnswerCommand.Filter("--cluster", "Only of this cluster: namespace/name"), "cluster"), (AnswerCommand.Filter("--service", "Only of this service"), "service"),
            (AnswerCommand.Filter("--min-duration", "Only those that took at least so long"), "minDuration"), (AnswerCommand.Filter("--from", "Only since this time"), "from"),
            (AnswerCommand.Filter("--to", "Only before this time"), "to"),
        ],
        AllPages = false,
    }.Build();

    private static Command Tokens()
    {
        var command = new Command("tokens", "The tokens with which a cluster sends telemetry.");
        command.Subcommands.Add(OfCluster("list", "List them: ids and times, never the tokens.", null, async (rest, path, _, ct) =>
        {
            var answer = await rest.ExchangeAsync(HttpMethod.Get, path, null, ct);
            new AnswerTable([AnswerColumn.Of("ID", "id"), AnswerColumn.Time("CREATED", "created")], "The cluster has no tokens.")
                .Write(Console.Out, answer, [.. (answer["items"] as System.Text.Json.Nodes.JsonArray ?? []).OfType<System.Text.Json.Nodes.JsonObject>()], OutputFormat.Table);
        }));
        command.Subcommands.Add(OfCluster("create", "Make a token. It is printed once, and nothing can show it again.", null, async (rest, path, _, ct) =>
        {
            var made = await rest.ExchangeAsync(HttpMethod.Post, path, null, ct);
            Console.Error.WriteLine($"Token {made["id"]}; it can not be shown again:");
            Console.WriteLine((string?)made["token"]);
        }));
        var id = new Argument<string>("id") { Description = "As `fleet telemetry tokens list` shows it" };
        command.Subcommands.Add(OfCluster("revoke", "What sends with it is refused from now on.", id, async (rest, path, revoked, ct) =>
        {
            await rest.ExchangeAsync(HttpMethod.Delete, $"{path}/{Uri.EscapeDataString(revoked!)}", null, ct);
            Console.WriteLine($"Token {revoked} is revoked.");
        }));
        return command;
    }

    private static Command OfCluster(string name, string description, Argument<string>? id, Func<FleetRest, string, string?, CancellationToken, Task> act)
    {
        var cluster = new Argument<string>("cluster") { Description = "Name of the cluster, or namespace/name" };
        var @namespace = Objects.Scope.NamespaceOption();
        var command = new Command(name, description) { cluster, @namespace, FleetRest.RestOption };
        if (id is not null)
            command.Arguments.Add(id);
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            using var client = FleetConnection.Connect(parsed);
            var key = (await ClusterLookup.FindAsync(client, parsed.GetValue(cluster)!, parsed.GetValue(@namespace), ct)).Key;
            await act(rest, $"api/v1/clusters/{Uri.EscapeDataString(key.Namespace!)}/{Uri.EscapeDataString(key.Name)}/telemetry-tokens", id is null ? null : parsed.GetValue(id), ct);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option<string?> NamespaceFilter() => new("--namespace", "-n") { Description = "Only this namespace" };
}
