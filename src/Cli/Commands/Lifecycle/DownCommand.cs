using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Spectre.Console;

namespace Fleet.Cli.Commands.Lifecycle;

internal static class DownCommand
{
    public static Command Build()
    {
        var purge = new Option<bool>("--purge") { Description = "Also delete the data folder: clusters, history, keys" };
        var command = new Command("down", "Stop the fleet of this machine. What was declared is kept for the next `fleet up`.") { purge };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = FleetFolder.From(parsed);
            if (folder.RunningProcess() is { } pid)
            {
                var killed = await Daemon.StopAsync(pid, TimeSpan.FromSeconds(40), ct);
                AnsiConsole.MarkupLine(killed ? "Fleet did not stop in time and was killed; nothing acknowledged is lost." : "Fleet is stopped.");
            }
            else
            {
                AnsiConsole.MarkupLineInterpolated($"No fleet runs from {folder.Path}.");
            }

            // A fleetd that was killed leaves its PostgreSQL behind; fleetd knows how to end it.
            if (File.Exists(Path.Combine(folder.Path, "postgres", "postmaster.pid")))
                await Daemon.RunAsync(["--data", folder.Path, "--stop-database"], ct);
            if (parsed.GetValue(purge))
                Purge(folder);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Purge(FleetFolder folder)
    {
        if (!Directory.Exists(folder.Path))
            return;

        // A typo in --data must not delete somebody's home: only a folder that a fleet has written is deleted.
        if (!File.Exists(folder.Settings))
            throw new CommandException($"{folder.Path} does not look like a fleet's data folder (it has no settings.json); nothing was deleted.");
        Directory.Delete(folder.Path, recursive: true);
        AnsiConsole.MarkupLineInterpolated($"Deleted {folder.Path}.");
    }
}
