using System.CommandLine;
using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Commands.Clusters;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Spectre.Console;

namespace Fleet.Cli.Commands.Lifecycle;

/// <summary>The tour: everything that the README shows, done by itself.</summary>
internal static class DemoCommand
{
    private static readonly ApplyOptions Apply = new("fleet-demo") { Force = true };

    public static Command Build()
    {
        var options = new UpOptions();
        var clusters = new Option<int>("--clusters") { Description = "Make a small fleet of this many clusters over several simulated infrastructures", DefaultValueFactory = _ => 1 };
        clusters.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 500)
                result.AddError("--clusters takes 1 to 500");
        });
        var patience = new Option<int>("--patience") { Description = "Seconds to wait until everything is ready. Default: 120, and 5 for each further cluster" };
        var command = new Command("demo", "Start a fleet if none runs, then make a cluster in simulated AWS with nginx on it, and show it.") { clusters, patience };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var began = TimeProvider.System.GetTimestamp();
            await UpCommand.StartAsync(parsed, options, ct);
            using var client = FleetConnection.Connect(parsed);
            var count = parsed.GetValue(clusters);
            var limit = TimeSpan.FromSeconds(parsed.GetValue(patience) is > 0 and var named ? named : 120 + 5 * (count - 1));

            Title("What is declared");
            foreach (var manifest in Manifests.Read(DemoSamples.Files))
                Done(await ApplyCommand.ApplyAsync(client, manifest, "default", Apply, ct));
            var wanted = new List<ObjectKey> { DemoSamples.Cluster };
            foreach (var manifest in DemoSamples.MoreClusters(count - 1))
            {
                await ApplyCommand.ApplyAsync(client, manifest, "default", Apply, ct);
                wanted.Add(manifest.Object.Key);
            }

            if (count > 1)
                Done($"{count - 1} more clusters in namespace {DemoSamples.Cluster.Namespace}");

            Title("What happens");
            await ClusterProgress.FollowAsync(client, wanted, limit, ct);
            await ShowAsync(client, wanted, FleetFolder.From(parsed), ct);
            AnsiConsole.MarkupLineInterpolated($"The tour took {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ShowAsync(IKubernetesClient client, List<ObjectKey> wanted, FleetFolder folder, CancellationToken ct)
    {
        Title("What was made");
        foreach (var noun in new[] { "clusters", "services" })
        {
            var view = FleetViews.Find(noun)!;
            var list = await client.Dynamic(view.Kind).ListAsync(new(), ct);
            new RowWriter(view, OutputFormat.Table).Write([.. list.Items.Where(item => wanted.Contains(item.Key)).SelectMany(view.Rows)], single: false);
            AnsiConsole.WriteLine();
        }

        var cluster = DemoSamples.Cluster.Name;
        Title("Look further");
        foreach (var line in ToolPath.Exports())
            Hint(line, "kubectl and helm were fetched, and are not on your PATH");
        Hint($"export KUBECONFIG={folder.Kubeconfig}", "kubectl speaks to the management API");
        Hint("kubectl get cld,clusters,machines -A", "what was declared, and what Cluster API made of it");
        Hint($"./fleet describe cluster {cluster}", "conditions, machines, services and events on one page");
        Hint($"./fleet kubeconfig {cluster} -o {cluster}.kubeconfig", "the managed cluster's own kubeconfig");
        Hint($"helm list -A --kubeconfig {cluster}.kubeconfig", "the release, as helm sees it");
        Hint($"kubectl get pods -A --kubeconfig {cluster}.kubeconfig", "its pods (simulated: nothing runs in them)");
        Hint($"./fleet delete cluster {cluster}", "services, infrastructure and object go, in that order");
        Hint("./fleet down", "stop everything; --purge deletes the data too");
        AnsiConsole.WriteLine();
    }

    private static void Title(string text) => AnsiConsole.MarkupLineInterpolated($"\n[bold]{text}[/]");

    private static void Done(string text) => AnsiConsole.MarkupLineInterpolated($"  [green]✓[/] {text}");

    private static void Hint(string command, string why) => AnsiConsole.MarkupLineInterpolated($"  [bold]{command,-66}[/] [grey]{why}[/]");
}
