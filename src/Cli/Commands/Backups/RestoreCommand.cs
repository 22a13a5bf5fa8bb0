using System.CommandLine;
using Fleet.Backup.Archives;
using Fleet.Backup.Restores;
using Fleet.Backup.Targets;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Backups;

/// <summary><c>fleet restore [NAME] --from …</c>.</summary>
internal static class RestoreCommand
{
    public static Command Build()
    {
        var place = new BackupPlace();
        var name = new Argument<string?>("name") { Description = "Name of the backup. Default: the newest", Arity = ArgumentArity.ZeroOrOne };
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "The newest backup that was written by then, for instance 2026-11-22T03:00:00Z" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would be done; nothing is written" };
        var only = new Option<string[]>("--only") { Description = "Only these objects: kind, kind/name or kind/namespace/name, * for any. May be repeated", AllowMultipleArgumentsPerToken = true };
        var existing = new Option<string>("--existing") { Description = "What to do with objects that are there and differ: keep or replace", DefaultValueFactory = _ => "keep" };
        existing.AcceptOnlyFromAmong("keep", "replace");
        var region = new Option<string?>("--region") { Description = "Restore the objects of this Region into the cluster of --kubeconfig, instead of those of the management cluster" };
        var withDatabase = new Option<bool>("--with-database") { Description = "Put the dump of Fleet's database in place of what is in it" };
        var database = BackupCommand.DatabaseOption();
        var details = new Option<bool>("--details") { Description = "List every object with what became of it" };
        var command = new Command("restore", "Bring a backup back into a management plane, empty or alive. Clusters are adopted as they are; a restore that was cut off is run again and goes on.")
        {
            name, place.Location, place.KeyFile, place.PassphraseFile, asOf, dryRun, only, existing, region, withDatabase, database, details,
        };
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            var target = place.Target(parsed);
            var chosen = await ChooseAsync(target, parsed.GetValue(name), parsed.GetValue(asOf), ct);
            using var client = FleetConnection.Connect(parsed);
            var options = new RestoreOptions
            {
                Client = client,
                DryRun = parsed.GetValue(dryRun),
                Only = [.. (parsed.GetValue(only) ?? []).Select(ObjectSelection.Parse)],
                Existing = parsed.GetValue(existing) == "replace" ? ExistingObjects.Replace : ExistingObjects.Keep,
                Region = parsed.GetValue(region),
                Postgres = !parsed.GetValue(withDatabase) ? null
                    : BackupCommand.Database(parsed, database) ?? throw new CommandException("--with-database: name the file of its connection string with --postgres FILE.", ExitCodes.Usage),
            };
            await using var content = await target.OpenAsync(chosen, ct);
            using var archive = await ArchiveReader.OpenAsync(content, place.Secret(parsed), ct);
            var report = await BackupProgress.ShowAsync(bars => new ManagementRestore(archive, options, TimeProvider.System).RunAsync(bars.Restore(), ct));
            Write(chosen, archive.Manifest, report, parsed.GetValue(details));
            var here = await client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), ct);
            if (OldPlane(archive.Manifest, report, here?.Metadata.Uid) is { } warning)
                Failure.Warn(warning);
            return report.Succeeded ? ExitCodes.Success : ExitCodes.Failed;
        }));
        return command;
    }

    internal static async Task<BackupName> ChooseAsync(IBackupTarget target, string? name, DateTimeOffset? asOf, CancellationToken ct)
    {
        if (name is not null)
            return BackupName.Parse(name);
        var stored = (await target.ListAsync(ct)).Where(backup => asOf is null || backup.WrittenAt <= asOf).ToList();
        return stored.Count > 0
            ? stored[0].Name
            : throw new CommandException($"There is no backup{(asOf is null ? "" : $" from before {asOf:u}")} in {target.Shown}.", ExitCodes.NotFound);
    }

    /// <summary>What has to be said where clusters came to another management cluster than the one that was backed up; null else.</summary>
    internal static string? OldPlane(ArchiveManifest manifest, RestoreReport report, string? here)
    {
        var clusters = report.Objects.Count(item => item is { Kind: { Group: FleetApi.Group, Kind: "ClusterDeployment" }, Outcome: RestoreOutcome.Created or RestoreOutcome.Resumed });
        return report.DryRun || clusters == 0 || here is null || manifest.Origin.ClusterUid is not { Length: > 0 } old || old == here
            ? null
            : $"{clusters} {(clusters == 1 ? "cluster" : "clusters")} came from the management cluster {old}. Keep that one away: should it come back, Fleet there stops at the clusters that this one has reached, but Cluster API's own controllers there do not (docs/guides/backup.md).";
    }

    private static void Write(BackupName name, ArchiveManifest manifest, RestoreReport report, bool details)
    {
        var shown = report.Objects.Where(item => details || item.Outcome is RestoreOutcome.Failed or RestoreOutcome.Kept || (item.Why is not null && item.Outcome == RestoreOutcome.Created)).ToList();
        if (shown.Count > 0)
        {
            new TextTable(["KIND", "OBJECT", "OUTCOME", "WHY"]).Write(
                Console.Out, [.. shown.Select(item => (IReadOnlyList<string>)[item.Kind.Kind, $"{item.Key}", $"{item.Outcome}", item.Why ?? ""])], withHeads: true);
        }

        var counts = Enum.GetValues<RestoreOutcome>().Where(outcome => report.Count(outcome) > 0).Select(outcome => $"{report.Count(outcome)} {outcome.ToString().ToLowerInvariant()}");
        Console.WriteLine($"{name} of {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC{(report.DryRun ? ", dry run" : "")}: {string.Join(", ", counts)}{(report.DatabaseRestored ? ", database restored" : "")}");
        foreach (var paused in report.StillPaused)
            Failure.Warn($"{paused} stays paused, since not everything of its namespace could be restored. Mend what failed and run the restore again.");
    }
}
