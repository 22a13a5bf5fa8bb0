using System.CommandLine;
using Fleet.Backup.Targets;
using Fleet.Cli.Output;
using Fleet.Control.Durations;

namespace Fleet.Cli.Commands.Backups;

/// <summary><c>fleet backup prune</c>: what is beyond a number or an age goes, the newest never.</summary>
internal static class PruneCommand
{
    public static Command Build()
    {
        var place = new BackupPlace();
        var of = new Option<string>("--of") { Description = "Only backups that are named so with a time behind it, as `create` and schedules name theirs", DefaultValueFactory = _ => "fleet" };
        var keep = new Option<int?>("--keep") { Description = "How many stay" };
        var age = new Option<string?>("--max-age") { Description = "How old they may become, for instance 720h" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go" };
        var command = new Command("prune", "Delete old backups. The newest stays in any case.") { place.Location, of, keep, age, dryRun };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(keep) is null && parsed.GetValue(age) is null)
                parsed.AddError("Say what stays: --keep N, --max-age 720h, or both");
            if (parsed.GetValue(keep) is < 1)
                parsed.AddError("--keep must be at least 1");
            if (parsed.GetValue(age) is { } text && !GoDuration.TryParse(text, out _))
                parsed.AddError($"--max-age \"{text}\" is no duration; 720h is one");
        });
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            var target = place.Target(parsed);
            var schedule = parsed.GetValue(of)!;
            var retention = new Retention(parsed.GetValue(keep), GoDuration.TryParse(parsed.GetValue(age), out var oldest) ? oldest : null);
            var own = (await target.ListAsync(ct)).Where(backup => backup.Name.IsOf(schedule)).ToList();
            var refused = 0;
            foreach (var backup in retention.Due(own, TimeProvider.System.GetUtcNow()))
                refused += await DeleteAsync(target, backup.Name, parsed.GetValue(dryRun), ct) ? 0 : 1;
            return refused == 0 ? ExitCodes.Success : ExitCodes.Failed;
        }));
        return command;
    }

    private static async Task<bool> DeleteAsync(IBackupTarget target, BackupName name, bool dryRun, CancellationToken ct)
    {
        try
        {
            if (!dryRun)
                await target.DeleteAsync(name, ct);
            Console.WriteLine(dryRun ? $"{name} would be deleted" : $"{name} is deleted");
            return true;
        }
        catch (BackupTargetException e) when (e.Fault == BackupTargetFault.Refused)
        {
            // One that is locked must not keep the others.
            Failure.Warn(e.Message);
            return false;
        }
    }
}
