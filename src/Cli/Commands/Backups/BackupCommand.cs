using System.CommandLine;
using Fleet.Backup.Archives;
using Fleet.Backup.Runs;
using Fleet.Backup.Snapshots;
using Fleet.Backup.Targets;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Control.Backups;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.Cli.Commands.Backups;

/// <summary><c>fleet backup create|list|verify|inspect|delete|prune</c>.</summary>
internal static class BackupCommand
{
    public static Command Build() => new("backup", "Back up the management plane: every object that clusters are known by, and Fleet's database, into one encrypted archive.")
    {
        BuildCreate(), BuildList(), BuildVerify(), BuildInspect(), BuildDelete(), PruneCommand.Build(), ScheduleCommand.Build(),
    };

    private static Command BuildCreate()
    {
        var place = new BackupPlace();
        var name = new Argument<string?>("name") { Description = "Name of the backup. Default: fleet-YYYYMMDDhhmmss", Arity = ArgumentArity.ZeroOrOne };
        var database = DatabaseOption();
        var without = new Option<bool>("--without-database") { Description = "Leave Fleet's database out: history and costs are not in the backup" };
        var command = new Command("create", "Take a backup, write it and read it back.") { name, place.Location, place.KeyFile, place.PassphraseFile, database, without };
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            var clock = TimeProvider.System;
            var chosen = parsed.GetValue(name) is { } given ? BackupName.Parse(given) : BackupName.At("fleet", clock.GetUtcNow());
            using var client = FleetConnection.Connect(parsed);
            var secret = place.Secret(parsed);
            var options = new SnapshotOptions { Management = client, Postgres = parsed.GetValue(without) ? null : Database(parsed, database) };
            var manifest = await BackupProgress.ShowAsync(async bars =>
            {
                var run = new BackupRun(place.Target(parsed), secret, clock);
                return await run.CreateAsync(chosen, options, bars.Snapshot(), bars.Bytes("read back"), ct);
            });
            Console.WriteLine($"{chosen} is written and verified: {BackupText.Content(manifest)}");
            foreach (var line in BackupText.Remarks(manifest))
                Failure.Warn(line);
            if (options.Postgres is null && !parsed.GetValue(without))
                Failure.Warn("Fleet's database is not in it: it does not run from this data folder. Name its connection string's file with --postgres FILE, or say --without-database.");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command BuildList()
    {
        var place = new BackupPlace(isRequired: false);
        var command = new Command("list", "List the backups of a folder or bucket, newest first; without one, what ManagementBackups have made, and Velero beside them.") { place.Location };
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            if (!place.IsGiven(parsed))
                return await ListMadeAsync(parsed, ct);
            var stored = await place.Target(parsed).ListAsync(ct);
            var now = TimeProvider.System.GetUtcNow();
            if (stored.Count == 0)
                Console.WriteLine("There are no backups.");
            else
                new TextTable(["NAME", "SIZE", "AGE"]).Write(Console.Out, [.. stored.Select(backup => (IReadOnlyList<string>)[backup.Name.Text, BackupText.Size(backup.Size), Age.Of(backup.WrittenAt, now)])], withHeads: true);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static async Task<int> ListMadeAsync(ParseResult parsed, CancellationToken ct)
    {
        using var client = FleetConnection.Connect(parsed);
        var now = TimeProvider.System.GetUtcNow();
        var made = BackupHistory.Of((await client.Resource(FleetKinds.ManagementBackups).ListAsync(ListOptions.All, ct)).Items, now);
        if (made.Items.Count == 0)
            Console.WriteLine("No ManagementBackup has made a backup; `fleet backup list --at PLACE` looks into a folder or bucket.");
        else
            new TextTable(["NAME", "OF", "PHASE", "SIZE", "OBJECTS", "AGE", "MESSAGE"]).Write(Console.Out, BackupText.Rows(made, now), withHeads: true);
        return ExitCodes.Success;
    }

    private static Command BuildVerify()
    {
        var (place, name) = (new BackupPlace(), NameArgument());
        var command = new Command("verify", "Read a backup to its end and check every byte of it. Nothing is changed.") { name, place.Location, place.KeyFile, place.PassphraseFile };
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            var chosen = BackupName.Parse(parsed.GetValue(name)!);
            var manifest = await BackupProgress.ShowAsync(bars =>
                new BackupRun(place.Target(parsed), place.Secret(parsed), TimeProvider.System).VerifyAsync(chosen, bars.Bytes("verified"), ct));
            Console.WriteLine($"{chosen} is whole: {BackupText.Content(manifest)}");
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command BuildInspect()
    {
        var (place, name) = (new BackupPlace(), NameArgument());
        var command = new Command("inspect", "Show what a backup holds.") { name, place.Location, place.KeyFile, place.PassphraseFile };
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            var chosen = BackupName.Parse(parsed.GetValue(name)!);
            await using var content = await place.Target(parsed).OpenAsync(chosen, ct);
            using var archive = await ArchiveReader.OpenAsync(content, place.Secret(parsed), ct);
            BackupText.Write(Console.Out, chosen, archive.Manifest);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command BuildDelete()
    {
        var (place, name) = (new BackupPlace(), NameArgument());
        var command = new Command("delete", "Delete a backup.") { name, place.Location };
        command.SetAction((parsed, ct) => BackupFailure.ToWordsAsync(async () =>
        {
            var chosen = BackupName.Parse(parsed.GetValue(name)!);
            var target = place.Target(parsed);
            if (!await target.DeleteAsync(chosen, ct))
                throw new CommandException($"There is no backup {chosen} in {target.Shown}.", ExitCodes.NotFound);
            Console.WriteLine($"{chosen} is deleted");
            return ExitCodes.Success;
        }));
        return command;
    }

    internal static Option<string?> DatabaseOption() => new("--postgres")
    {
        Description = "File with the connection string of Fleet's database, as `fleet up --postgres` takes it. Default: the database of the running fleet",
    };

    /// <summary>Null when there is none to be found.</summary>
    internal static string? Database(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } file ? File.ReadAllText(file).Trim() : FleetFolder.From(parsed).Postgres();

    private static Argument<string> NameArgument() => new("name") { Description = "Name of the backup, as `fleet backup list` shows it" };
}
