using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Connection;
using Spectre.Console;

namespace Fleet.Cli.Commands.Diagnosis;

internal static class DoctorCommand
{
    public static Command Build()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a check" };
        var command = new Command("doctor", "Check everything that Fleet needs on this machine, and say how to mend what is missing.") { json };
        command.SetAction(async (parsed, ct) =>
        {
            var findings = new List<Finding>();
            foreach (var check in DoctorChecks.All(FleetFolder.From(parsed)))
                findings.Add(await check(ct));
            foreach (var finding in findings)
                Print(finding, parsed.GetValue(json));
            return findings.Any(finding => finding.Verdict == Verdict.Broken) ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(Finding finding, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["check"] = finding.Check,
                ["verdict"] = finding.Verdict.ToString(),
                ["found"] = finding.Found,
                ["fix"] = finding.Fix,
            }.ToJsonString());
            return;
        }

        var mark = finding.Verdict switch { Verdict.Good => "[green]✓[/]", Verdict.Note => "[yellow]![/]", _ => "[red]✗[/]" };
        AnsiConsole.MarkupLine($"{mark} [bold]{finding.Check.EscapeMarkup()}[/]: {finding.Found.EscapeMarkup()}");
        if (finding.Fix is not null)
            AnsiConsole.MarkupLineInterpolated($"    fix: {finding.Fix}");
    }
}

internal enum Verdict { Good, Note, Broken }

/// <param name="Fix">What to type; null where there is nothing to mend.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Found, string? Fix = null);
