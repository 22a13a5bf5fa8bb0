using System.Text.Json.Nodes;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Spectre.Console;

namespace Fleet.Cli.Commands.Lifecycle;

/// <summary>Shows what a starting fleetd reports in its progress file until it is ready or gives up.</summary>
internal static class StartWatch
{
    /// <param name="folder">Whose start is watched.</param>
    /// <param name="process">The fleetd that was started for it; null when one was starting already.</param>
    /// <param name="earlier">First line of the progress of an earlier start, which is not to be shown.</param>
    /// <param name="patience">How long the start may take.</param>
    /// <param name="ct">Stops the watching, not the start.</param>
    /// <exception cref="CommandException">It failed, died, or was not ready in time; the message says which and where the log is.</exception>
    public static async Task WaitAsync(FleetFolder folder, int? process, string? earlier, TimeSpan patience, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var shown = 0;
        var current = "start";
        long? goneSince = null;
        while (true)
        {
            // Before the file is read: what it wrote last is in it when it is found gone.
            var isGone = (process is not { } started || !FleetFolder.IsFleetd(started)) && folder.RunningProcess() is null;
            foreach (var line in Lines(folder.Progress, earlier).Skip(shown))
            {
                shown++;
                if (JsonNode.Parse(line) is not JsonObject report)
                    continue;
                if ((string?)report["error"] is { } error)
                    throw new CommandException(error);
                if ((string?)report["now"] is { } now)
                    current = now;
                if ((string?)report["note"] is { } note)
                    AnsiConsole.MarkupLineInterpolated($"  [yellow]![/] {note}");
                if ((string?)report["step"] is { } step)
                    AnsiConsole.MarkupLineInterpolated($"  [green]✓[/] {step} [grey]{(double)report["seconds"]!:0.0} s[/]");
                if (report["ready"] is not null)
                    return;
            }

            var elapsed = TimeProvider.System.GetElapsedTime(began);
            // While a process becomes another program its command line is empty for a moment: gone is only what stays gone.
            goneSince = isGone ? goneSince ?? TimeProvider.System.GetTimestamp() : null;
            if (goneSince is { } since && TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(1))
                throw new CommandException($"fleetd ended while it was busy with: {current}. {LastWords(folder.Log)}\nThe whole log: {folder.Log}");
            if (elapsed > patience)
                throw new CommandException($"Not ready after {patience.TotalSeconds:0} s; still busy with: {current}. It goes on in the background.\nThe log: {folder.Log}", ExitCodes.TimedOut);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    /// <summary>Only whole lines: the last one may still be in the making.</summary>
    private static IEnumerable<string> Lines(string file, string? earlier)
    {
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var end = text.LastIndexOf('\n');
        var lines = end < 0 ? [] : text[..end].Split('\n');
        return lines.Length > 0 && lines[0] == earlier ? [] : lines;
    }

    private static string LastWords(string log) => File.Exists(log) ? "Its last words: " + string.Join("\n", File.ReadLines(log).TakeLast(5)) : "It wrote no log.";
}
