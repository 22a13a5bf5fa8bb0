using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Objects;

/// <summary>Shows which deletions Fleet holds because too many clusters would go, and lets them go.</summary>
internal static class BreakerCommand
{
    private const string Acknowledged = "k0rdent.mirantis.com/deletion-acknowledged";

    public static Command Build()
    {
        var show = new Command("show", "List the clusters whose deletion is held.");
        show.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            Print(await HeldAsync(client, ct));
            return ExitCodes.Success;
        });

        var meant = new Option<int?>("--yes-i-mean") { Description = "How many clusters are to go, for scripts: confirms without asking. Another number changes nothing" };
        var reset = new Command("reset", "Let the held deletions go on. They are listed, and their number is to be typed.") { meant };
        reset.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            var held = await HeldAsync(client, ct);
            Print(held);
            if (held.Count == 0)
                return ExitCodes.Success;
            Confirm(held.Count, parsed.GetValue(meant));
            foreach (var cluster in held)
                await AcknowledgeAsync(client, cluster, ct);
            Console.WriteLine($"{held.Count} {(held.Count == 1 ? "deletion goes" : "deletions go")} on");
            return ExitCodes.Success;
        });
        return new Command("breaker", "The breaker that stops mass deletions of clusters.") { show, reset };
    }

    private static async Task<List<DynamicObject>> HeldAsync(IKubernetesClient client, CancellationToken ct) =>
    [
        .. (await client.Dynamic(FleetViews.ClusterDeployments).ListAsync(new(), ct)).Items
            .Where(cluster => Conditions.Find(cluster, "Deleting") is { } deleting && (string?)deleting["reason"] == "DeletionBreakerOpen")
            .OrderBy(cluster => cluster.Key),
    ];

    private static void Print(List<DynamicObject> held)
    {
        if (held.Count == 0)
        {
            Console.WriteLine("The breaker is closed: no deletion is held.");
            return;
        }

        Console.WriteLine($"The breaker is open: {held.Count} {(held.Count == 1 ? "deletion is" : "deletions are")} held.");
        var now = TimeProvider.System.GetUtcNow();
        new TextTable(["NAMESPACE", "NAME", "HELD FOR"]).Write(
            Console.Out, [.. held.Select(cluster => (IReadOnlyList<string>)[cluster.Key.Namespace, cluster.Key.Name, Age.Of(cluster.Metadata.DeletionTimestamp, now)])], withHeads: true);
    }

    private static void Confirm(int count, int? meant)
    {
        if (meant is null)
        {
            if (Console.IsInputRedirected)
                throw new CommandException($"This must be confirmed: add --yes-i-mean {count}", ExitCodes.Usage);
            Console.Write("Type how many clusters are to be deleted to go on: ");
            meant = int.TryParse(Console.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        }
        if (meant != count)
            throw new CommandException($"{count} clusters are held, not {meant}: nothing was changed.");
    }

    private static async Task AcknowledgeAsync(IKubernetesClient client, DynamicObject cluster, CancellationToken ct)
    {
        try
        {
            await client.Dynamic(FleetViews.ClusterDeployments).PatchAsync(
                cluster.Key,
                Patch.Merge(new()
                {
                    ["metadata"] = new JsonObject
                    {
                        ["uid"] = cluster.Metadata.Uid,
                        ["annotations"] = new JsonObject { [Acknowledged] = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) },
                    },
                }),
                new() { FieldManager = "fleet-cli" }, ct);
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            // Somebody was faster.
        }
    }
}
