using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Spectre.Console;

namespace Fleet.Cli.Commands.Lifecycle;

internal static class UpCommand
{
    public static Command Build()
    {
        var options = new UpOptions();
        var command = new Command("up", "Start a fleet on this machine: management API, the three services, simulated infrastructure. Safe to repeat.")
        {
            options.Foreground,
            options.Demo,
        };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(options.Foreground))
                return await Daemon.RunAsync(options.ForDaemon(parsed), ct);
            await StartAsync(parsed, options, ct);
            Next(FleetFolder.From(parsed));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Starts the fleet of this data folder unless it runs, and waits until it is ready.</summary>
    public static async Task StartAsync(ParseResult parsed, UpOptions options, CancellationToken ct)
    {
        var folder = FleetFolder.From(parsed);
        if (folder.Endpoints() is { } running)
        {
            if (options.Contradiction(parsed, running) is { } other)
                throw new CommandException($"Fleet already runs from {folder.Path}, with {other}. Stop it first (fleet down --data {folder.Path}), or name another folder with --data.");
            AnsiConsole.MarkupLineInterpolated($"Fleet already runs from [bold]{folder.Path}[/].");
            return;
        }

        AnsiConsole.MarkupLineInterpolated($"Starting Fleet in [bold]{folder.Path}[/]");
        // Read before the look for a process: a start that is under way is then never taken for an old one.
        var earlier = folder.LastStart();
        int? started = null;
        if (folder.RunningProcess() is null)
            started = Daemon.StartDetached(folder, options.ForDaemon(parsed));
        else
            earlier = null;

        await StartWatch.WaitAsync(folder, started, earlier, TimeSpan.FromSeconds(parsed.GetValue(options.Timeout)), ct);
    }

    private static void Next(FleetFolder folder)
    {
        var at = folder.Endpoints()!;
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        grid.AddRow("API server", at.Api);
        grid.AddRow("kubeconfig", at.Kubeconfig);
        grid.AddRow("REST API", at.Rest);
        grid.AddRow("console", at.Rest + "/");
        if (at.CertificateAuthority is { } authority)
            grid.AddRow("its authority", authority);
        AnsiConsole.WriteLine();
        AnsiConsole.Write(grid);
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLine("Next:");
        foreach (var line in ToolPath.Exports())
            AnsiConsole.MarkupLineInterpolated($"  [bold]{line}[/]");
        AnsiConsole.MarkupLineInterpolated($"  [bold]export KUBECONFIG={at.Kubeconfig}[/]");
        AnsiConsole.MarkupLine("  [bold]./fleet demo[/]          a tour: a cluster in simulated AWS with nginx on it");
        AnsiConsole.MarkupLine("  [bold]./fleet get clusters[/]  what there is");
        AnsiConsole.MarkupLine("  [bold]./fleet console[/]       where the web console is, and how to sign in");
        AnsiConsole.MarkupLine("  [bold]./fleet down[/]          stop everything; what was declared is kept");
    }
}
