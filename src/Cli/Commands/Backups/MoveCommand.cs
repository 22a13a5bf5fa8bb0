using System.CommandLine;
using Fleet.Backup.Moves;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Backups;

/// <summary><c>fleet move CLUSTER… --to-kubeconfig FILE</c>.</summary>
internal static class MoveCommand
{
    public static Command Build()
    {
        var clusters = new Argument<string[]>("cluster") { Description = "Names of ClusterDeployments, or namespace/name", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string>("--to-kubeconfig") { Description = "kubeconfig of the management cluster that is to have them", Required = true };
        var home = new Option<string?>("--namespace", "-n") { Description = "Namespace of the names that have none of their own" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Check and show what would be moved; nothing is written on either side" };
        var stopped = new Option<bool>("--managers-stopped") { Description = "Fleet does not run at the source: do not wait for it to confirm the pause" };
        var details = new Option<bool>("--details") { Description = "List every object" };
        var command = new Command("move", "Take clusters to another management cluster, with their services, credentials and templates. No machine and no release is touched. A move that was cut off is run again and goes on.")
        {
            clusters, to, home, dryRun, stopped, details,
        };
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            using var source = FleetConnection.Connect(parsed);
            using var target = KubernetesClient.Create(TargetOf(parsed.GetValue(to)!), new KubernetesClientOptions { UserAgent = "fleet-cli", ReadRetries = 1, OnWarning = Failure.Warn });
            var failed = 0;
            foreach (var name in parsed.GetValue(clusters)!)
            {
                var options = new MoveOptions { Source = source, Target = target, Cluster = KeyOf(name, parsed.GetValue(home)), DryRun = parsed.GetValue(dryRun), ManagersAreStopped = parsed.GetValue(stopped) };
                failed += await MoveAsync(options, parsed.GetValue(details), ct) ? 0 : 1;
            }

            return failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
        }));
        return command;
    }

    private static ObjectKey KeyOf(string name, string? home) => name.Split('/') switch
    {
        [var space, var own] => new(space, own),
        _ when home is not null => new(home, name),
        _ => throw new CommandException($"Which namespace is {name} in? Write namespace/{name}, or name it with -n.", ExitCodes.Usage),
    };

    private static async Task<bool> MoveAsync(MoveOptions options, bool details, CancellationToken ct)
    {
        try
        {
            var report = await new ClusterMove(options, TimeProvider.System).RunAsync(ct);
            if (report.Refused.Count > 0)
            {
                Failure.Warn($"{options.Cluster} is not moved:");
                foreach (var reason in report.Refused)
                    Failure.Warn($"  {reason}");
                return false;
            }

            if (report.WasThere)
            {
                Console.WriteLine($"{options.Cluster} is at the target already.");
                return true;
            }

            if (details)
            {
                foreach (var item in report.Moved.Select(item => $"  moved   {item}").Concat(report.Copied.Select(item => $"  copied  {item}")))
                    Console.WriteLine(item);
            }

            var (moved, copied) = options.DryRun ? ("would move", "would be copied, since others may use them") : ("moved", "copied, since others may use them");
            Console.WriteLine($"{options.Cluster}: {report.Moved.Count} objects {(report.WasUnderWay ? "had been moved, and the source has let go of them" : moved)}{(report.Copied.Count > 0 ? $", {report.Copied.Count} {copied}" : "")}");
            return true;
        }
        catch (MoveException e)
        {
            Failure.Warn($"{options.Cluster}: {e.Message}");
            return false;
        }
    }

    private static ClusterEndpoint TargetOf(string path)
    {
        try
        {
            return KubeConfig.LoadEndpoint(new KubeConfigOptions { Paths = [path] });
        }
        catch (KubeConfigException error)
        {
            throw new CommandException(error.Message);
        }
    }
}
