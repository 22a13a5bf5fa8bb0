using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Spectre.Console;

namespace Fleet.Cli.Commands.Clusters;

/// <summary>Prints what changes on clusters until each is Ready with its services Deployed.</summary>
internal static class ClusterProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <param name="wanted">All of one namespace.</param>
    /// <exception cref="CommandException">They were not ready in time; the message says what each waits for.</exception>
    public static async Task FollowAsync(IKubernetesClient client, IReadOnlyCollection<ObjectKey> wanted, TimeSpan patience, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var said = new Dictionary<(ObjectKey, string), string>();
        while (true)
        {
            var all = await client.Dynamic(FleetViews.ClusterDeployments).ListAsync(new() { Namespace = wanted.First().Namespace }, ct);
            var seen = all.Items.Where(cluster => wanted.Contains(cluster.Key)).ToList();
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            foreach (var cluster in seen)
                foreach (var (what, text) in Facts(cluster, brief: wanted.Count > 1))
                    if (!said.TryGetValue((cluster.Key, what), out var before) || before != text)
                    {
                        said[(cluster.Key, what)] = text;
                        AnsiConsole.MarkupLine($"  [grey]{elapsed.TotalSeconds,5:0.0} s[/]  {(wanted.Count > 1 ? cluster.Key.Name + "  " : "")}{text}");
                    }

            if (seen.Count == wanted.Count && seen.All(IsFinished))
                return;
            if (elapsed > patience)
            {
                var late = seen.Where(cluster => !IsFinished(cluster)).Select(cluster => $"{cluster.Key}: {Conditions.Message(cluster, "Ready")}");
                throw new CommandException($"Not everything was ready after {patience.TotalSeconds:0} s; it goes on in the background.\n{string.Join("\n", late)}", ExitCodes.TimedOut);
            }

            await Task.Delay(Interval, TimeProvider.System, ct);
        }
    }

    private static bool IsFinished(DynamicObject cluster)
    {
        var declared = (cluster.At("spec", "serviceSpec", "services") as JsonArray)?.Count ?? 0;
        var services = (cluster.At("status", "services") as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
        return Conditions.Status(cluster, "Ready") == "True" && services.Count >= declared && services.All(service => (string?)service["state"] == "Deployed");
    }

    /// <summary>What is worth a line when it changes. With many clusters only the end of it.</summary>
    private static IEnumerable<(string What, string Text)> Facts(DynamicObject cluster, bool brief)
    {
        foreach (var condition in Conditions.Of(cluster))
        {
            var type = (string?)condition["type"] ?? "";
            if (brief && type != "Ready")
                continue;
            var status = (string?)condition["status"];
            var mark = status switch { "True" => "[green]✓[/]", "False" => "[yellow]…[/]", _ => "[grey]?[/]" };
            var message = status == "True" && type != "Ready" ? "" : (string?)condition["message"] ?? "";
            yield return (type, $"{mark} {type.EscapeMarkup()} {Short(message)}".TrimEnd());
        }

        foreach (var service in (cluster.At("status", "services") as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (brief && (string?)service["state"] != "Deployed")
                continue;
            var state = (string?)service["state"];
            var mark = state switch { "Deployed" => "[green]✓[/]", "Failed" => "[red]✗[/]", _ => "[yellow]…[/]" };
            yield return ("service " + service["name"], $"{mark} service {service["name"]} {state} {Short((string?)service["failureMessage"] ?? "")}".TrimEnd());
        }
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return "[grey]" + (line.Length <= 110 ? line : line[..109] + "…").EscapeMarkup() + "[/]";
    }
}
