using System.CommandLine;
using System.IO.Compression;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Connection;

namespace Fleet.Cli.Commands.Costs;

/// <summary><c>fleet costs export</c>: rows of the ledger as a FOCUS file.</summary>
internal static class ExportCommand
{
    public static Command Build()
    {
        var format = new Option<string>("--format") { Description = "focus (CSV) or focus-jsonl (JSON lines)", DefaultValueFactory = _ => "focus" };
        format.AcceptOnlyFromAmong("focus", "focus-jsonl");
        var period = new Option<string?>("--period") { Description = "A month, for example 2026-10; default: the running one" };
        var from = new Option<string?>("--from") { Description = "First day or hour, for example 2026-11-01 or 2026-11-01T06:00:00Z" };
        var to = new Option<string?>("--to") { Description = "The day or hour that is not in it any more; default: tomorrow" };
        var hourly = new Option<bool>("--hourly") { Description = "A row for each hour, not for each day" };
        var version = new Option<string>("--focus") { Description = "1.2, or 1.3 for the columns that say how charges are split", DefaultValueFactory = _ => "1.2" };
        version.AcceptOnlyFromAmong("1.2", "1.3");
        var file = new Option<string?>("--file", "-f") { Description = "Where to; packed when it ends with .gz. Default: standard output" };
        var command = new Command("export", "Write costs as a FOCUS file, for whatever reads bills.") { format, period, from, to, hourly, version, file, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            var path = "api/v1/costs/focus" + AnswerCommand.Query(
            [
                ("period", parsed.GetValue(period)), ("start", parsed.GetValue(from)), ("end", parsed.GetValue(to)), ("granularity", parsed.GetValue(hourly) ? "hourly" : "daily"),
                ("version", parsed.GetValue(version)), ("format", parsed.GetValue(format) == "focus" ? "csv" : "jsonl"),
            ]);
            if (parsed.GetValue(file) is not { } name)
            {
                await using var output = Console.OpenStandardOutput();
                await rest.DownloadAsync(path, output, ct);
                return ExitCodes.Success;
            }
            await WriteAsync(rest, path, name, ct);
            Console.Error.WriteLine($"Written to {name}.");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>Under its name only when it is whole: half a bill looks like a cheap month.</summary>
    private static async Task WriteAsync(FleetRest rest, string path, string name, CancellationToken ct)
    {
        var part = $"{name}.part";
        try
        {
            await using (var target = new FileStream(part, FileMode.Create, FileAccess.Write))
                if (name.EndsWith(".gz", StringComparison.Ordinal))
                {
                    await using var packed = new GZipStream(target, CompressionLevel.Optimal);
                    await rest.DownloadAsync(path, packed, ct);
                }
                else
                    await rest.DownloadAsync(path, target, ct);
            File.Move(part, name, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
