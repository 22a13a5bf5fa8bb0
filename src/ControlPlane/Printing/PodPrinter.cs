using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Printing;

/// <summary>Pods: readiness, the reason of what is wrong, restarts.</summary>
internal sealed class PodPrinter : IPrinter
{
    public IReadOnlyList<Column> Columns { get; } =
    [
        new("Name", Format: "name"), new("Ready"), new("Status"), new("Restarts"), new("Age"),
        new("IP", Priority: 1), new("Node", Priority: 1), new("Nominated Node", Priority: 1), new("Readiness Gates", Priority: 1),
    ];

    public JsonArray Cells(JsonObject body, DateTimeOffset now)
    {
        var total = RowPrinter.Items(body, "spec.containers").Count();
        var statuses = RowPrinter.Items(body, "status.containerStatuses").ToArray();
        var ready = statuses.Count(s => s["ready"].IsTrue() && s["state"]?["running"] is not null);
        var gates = RowPrinter.Items(body, "spec.readinessGates").ToArray();
        var passed = gates.Count(g => RowPrinter.Items(body, "status.conditions").Any(c => c["type"].Text() == g["conditionType"].Text() && c["status"].Text() == "True"));
        return
        [
            body.Name(), $"{ready}/{total}", Status(body, statuses), Restarts(statuses, now), Age.Of(body, now),
            Or(body["status"]?["podIP"].Text()), Or(body["spec"]?["nodeName"].Text()), Or(body["status"]?["nominatedNodeName"].Text()),
            gates.Length == 0 ? "<none>" : $"{passed}/{gates.Length}",
        ];
    }

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    private static string Status(JsonObject body, JsonObject[] statuses)
    {
        var reason = body["status"]?["reason"].Text() is { Length: > 0 } r ? r : body["status"]?["phase"].Text() ?? "Unknown";
        var initial = RowPrinter.Items(body, "status.initContainerStatuses").ToArray();
        for (var i = 0; i < initial.Length; i++)
        {
            var state = initial[i]["state"];
            if (state?["terminated"] is { } ended && ended["exitCode"].Number() == 0) continue;
            if (initial[i]["started"].IsTrue()) continue;
            if (state?["terminated"] is { } failed)
                return body.IsTerminating() ? "Terminating" : $"Init:{failed["reason"].Text() ?? $"ExitCode:{failed["exitCode"].Number()}"}";
            if (state?["waiting"]?["reason"].Text() is { Length: > 0 } waits && waits != "PodInitializing") return body.IsTerminating() ? "Terminating" : $"Init:{waits}";
            return body.IsTerminating() ? "Terminating" : $"Init:{i}/{RowPrinter.Items(body, "spec.initContainers").Count()}";
        }
        var running = false;
        foreach (var status in statuses.Reverse())
        {
            var state = status["state"];
            if (state?["waiting"]?["reason"].Text() is { Length: > 0 } waits) reason = waits;
            else if (state?["terminated"] is { } ended)
                reason = ended["reason"].Text() is { Length: > 0 } why ? why : $"ExitCode:{ended["exitCode"].Number()}";
            else if (status["ready"].IsTrue() && state?["running"] is not null) running = true;
        }
        if (reason == "Completed" && running) reason = "Running";
        return body.IsTerminating() ? "Terminating" : reason;
    }

    private static string Restarts(JsonObject[] statuses, DateTimeOffset now)
    {
        var count = statuses.Sum(s => s["restartCount"].Number() ?? 0);
        var last = statuses.Select(s => s["lastState"]?["terminated"]?["finishedAt"].Text()).Where(t => t is not null).Max();
        return count > 0 && last is not null ? $"{count} ({Age.Since(last, now)} ago)" : $"{count}";
    }
}
