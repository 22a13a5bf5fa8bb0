using System.CommandLine;
using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Output;
using Fleet.Cost;
using Fleet.Cost.Focus;

namespace Fleet.Cli.Commands.Costs;

/// <summary><c>fleet costs validate FILE</c>: what FOCUS demands and a file does not fulfil. Needs no fleet.</summary>
internal static class ValidateCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("file") { Description = "CSV or JSON lines, packed by gzip or not; - for standard input" };
        var most = new Option<int>("--limit") { Description = "How many problems are shown", DefaultValueFactory = _ => 50 };
        most.Validators.Add(parsed =>
        {
            if (parsed.GetValue(most) is < 1 or > 100_000)
                parsed.AddError("--limit must be from 1 to 100000");
        });
        var strict = new Option<bool>("--strict") { Description = "Fail also for what FOCUS only recommends" };
        var output = new Option<string>("--output", "-o") { Description = "table or json", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("validate", "Check a bill against the rules of FOCUS 1.2; exit code 1 when it breaks one.") { file, most, strict, output };
        command.SetAction(parsed =>
        {
            var findings = Check(parsed.GetValue(file)!, parsed.GetValue(most));
            if (parsed.GetValue(output) == "json")
                AnswerTable.Write(Console.Out, Json(findings), OutputFormat.Json);
            else
                Write(Console.Out, findings);
            return findings.Errors > 0 || findings.Broken is not null || (parsed.GetValue(strict) && findings.Warnings > 0) ? ExitCodes.Failed : ExitCodes.Success;
        });
        return command;
    }

    /// <summary>All of the file is read, and so many problems are kept.</summary>
    public static FocusFindings Check(string file, int most)
    {
        using var reader = BillFile.Open(file);
        var findings = new FocusFindings(most);
        try
        {
            var reading = BillFile.Read(reader);
            foreach (var problem in FocusValidator.Problems(reading with { Rows = Counted(reading.Rows, findings) }))
                findings.Add(problem);
        }
        catch (CostQueryException error)
        {
            findings.Broken = error.Message;
        }
        catch (InvalidDataException error)
        {
            findings.Broken = $"the file is no whole gzip: {error.Message}";
        }
        return findings;
    }

    public static void Write(TextWriter output, FocusFindings findings)
    {
        if (findings.Shown.Count > 0)
        {
            new TextTable(["ROW", "LEVEL", "RULE", "PROBLEM"]).Write(
                output,
                [.. findings.Shown.Select(problem => (IReadOnlyList<string>)[problem.Row == 0 ? "-" : $"{problem.Row}", problem.IsWarning ? "warning" : "error", problem.Rule, $"{problem.Column} {problem.Message}"])],
                withHeads: true);
            output.WriteLine();
        }
        if (findings.Broken is { } broken)
            output.WriteLine($"Broken off after {findings.Rows} rows: {broken}");
        var shown = findings.Errors + findings.Warnings > findings.Shown.Count ? $", {findings.Shown.Count} of them shown" : "";
        output.WriteLine($"{findings.Rows} rows, {findings.Errors} errors, {findings.Warnings} warnings{shown}; {FocusValidator.Rules.Count} rules of FOCUS 1.2 and of the split-cost columns of 1.3");
    }

    private static JsonObject Json(FocusFindings findings) => new()
    {
        ["valid"] = findings is { Errors: 0, Broken: null },
        ["rows"] = findings.Rows,
        ["errors"] = findings.Errors,
        ["warnings"] = findings.Warnings,
        ["broken"] = findings.Broken,
        ["byRule"] = new JsonObject(findings.ByRule.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value)))),
        ["problems"] = new JsonArray([.. findings.Shown.Select(problem => new JsonObject
        {
            ["row"] = problem.Row, ["column"] = problem.Column, ["rule"] = problem.Rule, ["level"] = problem.IsWarning ? "warning" : "error", ["message"] = problem.Message,
        })]),
    };

    private static IEnumerable<FocusRow> Counted(IEnumerable<FocusRow> rows, FocusFindings findings)
    {
        foreach (var row in rows)
        {
            findings.Rows++;
            yield return row;
        }
    }
}
