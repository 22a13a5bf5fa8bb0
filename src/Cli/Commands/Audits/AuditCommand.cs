using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Commands.Answers;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Control.Audit;

namespace Fleet.Cli.Commands.Audits;

/// <summary><c>fleet audit</c>: who did what; an export, and whether nothing of it was changed, deleted or inserted.</summary>
internal static class AuditCommand
{
    public static Command Build() => new("audit", "Show who did what, export it, and verify that nothing of it was changed.") { List(), Export(), Verify() };

    private static Command List() => new AnswerCommand(
        "list", "Show calls of the REST API, newest first.", "api/v1/audit",
        new(
        [
            AnswerColumn.Time("TIME", "time"), AnswerColumn.Of("USER", "user"), AnswerColumn.Of("VERB", "verb"), AnswerColumn.Of("RESOURCE", "resource"), AnswerColumn.Of("NAMESPACE", "namespace"), AnswerColumn.Of("NAME", "name"),
            AnswerColumn.Of("OUTCOME", "outcome"), AnswerColumn.Number("STATUS", "status") with { IsWide = true }, AnswerColumn.Of("FROM", "from") with { IsWide = true }, AnswerColumn.Of("REQUEST", "requestId") with { IsWide = true },
        ], "There are no such calls."))
    {
        Filters =
        [
            (AnswerCommand.Filter("--namespace", "Only about objects of this namespace"), "namespace"), (AnswerCommand.Filter("--name", "Only about objects of this name"), "name"), (AnswerCommand.Filter("--user", "Only of this user"), "user"),
            (AnswerCommand.Filter("--verb", "Only with this verb"), "verb"), (AnswerCommand.Filter("--resource", "Only about this kind, for example clusterdeployments"), "resource"),
            (AnswerCommand.Filter("--outcome", "Only those that ended so", "Started", "Succeeded", "Failed", "Refused"), "outcome"), (AnswerCommand.Filter("--since", "Only since this time"), "since"),
            (AnswerCommand.Filter("--until", "Only before this time"), "until"), (AnswerCommand.Filter("--limit", "How many"), "limit"),
        ],
        AllPages = false,
    }.Build();

    private static Command Export()
    {
        var after = new Option<string?>("--after") { Description = "Only rows after this place, SEQUENCE:HASH as an earlier export ended with" };
        var file = new Option<string?>("--file") { Description = "File to write; absent means standard output" };
        var command = new Command("export", "Write the audit as lines of JSON with its chain, to be verified anywhere.") { after, file, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            using var rest = await FleetRest.ConnectAsync(parsed, ct);
            await using var target = parsed.GetValue(file) is { } path ? new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }) : Console.OpenStandardOutput();
            await rest.DownloadAsync(PathOf(parsed.GetValue(after)), target, ct);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Verify()
    {
        var file = new Argument<string?>("FILE") { Description = "An export; absent means that of the fleet, as it is now", Arity = ArgumentArity.ZeroOrOne };
        var expect = new Option<string?>("--expect") { Description = "A place that must be in it, SEQUENCE:HASH as an earlier verification ended with" };
        var command = new Command("verify", "Say whether rows of the audit were changed, deleted, inserted or moved, and which.") { file, expect, FleetRest.RestOption };
        command.SetAction(async (parsed, ct) =>
        {
            AuditPlace? expected = parsed.GetValue(expect) is { } text ? PlaceOf(text) : null;
            AuditVerification verified;
            try
            {
                if (parsed.GetValue(file) is { } path)
                {
                    using var reader = new StreamReader(path);
                    verified = await AuditLines.VerifyAsync(reader, expected, ct);
                }
                else
                {
                    verified = await OfTheFleetAsync(parsed, expected, ct);
                }
            }
            catch (FormatException e)
            {
                throw new CommandException($"This is no whole export of an audit: {e.Message}.");
            }

            foreach (var finding in verified.Findings)
                Console.WriteLine($"{finding.Kind.ToUpperInvariant()} {finding.Message}{(finding.RequestId is { } id ? $" (request {id})" : "")}");
            Console.WriteLine(verified.Findings.Count == 0
                ? $"{verified.Rows} rows after row {verified.After.Sequence} are as they were written. The head is {verified.Head}"
                : $"{verified.Findings.Count} findings in {verified.Rows} rows. The head is {verified.Head}");
            return verified.Findings.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>Through a file: an audit is longer than memory.</summary>
    private static async Task<AuditVerification> OfTheFleetAsync(ParseResult parsed, AuditPlace? expected, CancellationToken ct)
    {
        using var rest = await FleetRest.ConnectAsync(parsed, ct);
        await using var kept = new FileStream(
            Path.Combine(Path.GetTempPath(), $"fleet-audit-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await rest.DownloadAsync(PathOf(null), kept, ct);
        kept.Position = 0;
        using var reader = new StreamReader(kept);
        return await AuditLines.VerifyAsync(reader, expected, ct);
    }

    private static string PathOf(string? after) => "api/v1/audit/export" + AnswerCommand.Query([("after", after is null ? null : PlaceOf(after).ToString())]);

    private static AuditPlace PlaceOf(string text) => text.Split(':') is [var number, { Length: 64 } hash] && long.TryParse(number, CultureInfo.InvariantCulture, out var sequence)
        ? new(sequence, hash)
        : throw new CommandException($"\"{text}\" is no place in an audit: SEQUENCE:HASH.", ExitCodes.Usage);
}
