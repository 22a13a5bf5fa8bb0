using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Diagnosis;

internal static class LogsCommand
{
    public static Command Build()
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as lines are written" };
        var tail = new Option<int>("--tail") { Description = "How many of the last lines", DefaultValueFactory = _ => 100 };
        var grep = new Option<string?>("--grep") { Description = "Only lines that contain this text (a cluster's name, say)" };
        var command = new Command("logs", "Show the log of the fleet on this machine.") { follow, tail, grep };
        command.SetAction(async (parsed, ct) =>
        {
            var log = FleetFolder.From(parsed).Log;
            if (!File.Exists(log))
                throw new CommandException($"There is no log yet: {log}. Start the fleet with `fleet up`.", ExitCodes.NotRunning);
            var wanted = parsed.GetValue(grep);
            bool Shown(string line) => wanted is null || line.Contains(wanted, StringComparison.OrdinalIgnoreCase);

            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var last = new Queue<string>();
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                if (!Shown(line))
                    continue;
                last.Enqueue(line);
                if (last.Count > parsed.GetValue(tail))
                    last.Dequeue();
            }

            foreach (var line in last)
                Console.WriteLine(line);
            while (parsed.GetValue(follow))
            {
                if (await reader.ReadLineAsync(ct) is { } line)
                {
                    if (Shown(line))
                        Console.WriteLine(line);
                }
                else
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
                }
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
