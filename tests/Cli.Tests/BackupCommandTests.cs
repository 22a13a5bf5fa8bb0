using Fleet.Backup.Archives;
using Fleet.Backup.Restores;
using Fleet.Backup.Targets;
using Fleet.Cli.Commands.Backups;
using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

/// <summary>Which backups the commands choose; what is in them does not matter here.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-cli-backups-");
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData("--keep 2", "fleet-20261104000000 fleet-20261103000000 nightly-20261101000000")]
    [InlineData("--max-age 60h", "fleet-20261104000000 fleet-20261103000000 nightly-20261101000000")]
    [InlineData("--max-age 1s", "fleet-20261104000000 nightly-20261101000000")]
    [InlineData("--keep 1 --of nightly", "fleet-20261104000000 fleet-20261103000000 fleet-20261102000000 fleet-20261101000000 nightly-20261101000000")]
    [InlineData("--keep 1 --dry-run", "fleet-20261104000000 fleet-20261103000000 fleet-20261102000000 fleet-20261101000000 nightly-20261101000000")]
    public async Task What_is_beyond_a_number_or_an_age_goes_and_what_others_made_stays(string arguments, string left)
    {
        for (var day = 1; day <= 4; day++)
            Write($"fleet-202611{day:00}000000", now.AddDays(day - 5));
        Write("nightly-20261101000000", now.AddDays(-30));
        Assert.Equal(0, await RunAsync($"backup prune --at {folder.FullName} {arguments}"));
        Assert.Equal(left.Split(' ').Order(StringComparer.Ordinal), (await new FolderTarget(folder.FullName).ListAsync(CancellationToken.None)).Select(backup => backup.Name.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_restore_takes_the_newest_or_the_newest_of_then()
    {
        for (var day = 1; day <= 3; day++)
            Write($"fleet-202611{day:00}000000", now.AddDays(day - 4));
        var target = new FolderTarget(folder.FullName);
        Assert.Equal("fleet-20261103000000", (await RestoreCommand.ChooseAsync(target, null, null, CancellationToken.None)).Text);
        Assert.Equal("fleet-20261102000000", (await RestoreCommand.ChooseAsync(target, null, now.AddDays(-1.5), CancellationToken.None)).Text);
        Assert.Equal("fleet-20261101000000", (await RestoreCommand.ChooseAsync(target, "fleet-20261101000000", null, CancellationToken.None)).Text);
        var none = await Assert.ThrowsAsync<CommandException>(() => RestoreCommand.ChooseAsync(target, null, now.AddDays(-10), CancellationToken.None));
        Assert.Equal(ExitCodes.NotFound, none.ExitCode);
    }

    [Theory]
    [InlineData("old", "new", RestoreOutcome.Created, false, true)]
    [InlineData("old", "new", RestoreOutcome.Resumed, false, true)]
    [InlineData("old", "old", RestoreOutcome.Created, false, false)]
    [InlineData("old", "new", RestoreOutcome.Present, false, false)]
    [InlineData("old", "new", RestoreOutcome.Created, true, false)]
    [InlineData(null, "new", RestoreOutcome.Created, false, false)]
    [InlineData("old", null, RestoreOutcome.Created, false, false)]
    public void Whoever_brings_clusters_elsewhere_is_told_to_keep_the_old_one_away(string? from, string? here, RestoreOutcome outcome, bool dryRun, bool told)
    {
        var manifest = new ArchiveManifest
        {
            FormatVersion = 1, Id = "a", CreatedAt = now, CompletedAt = now, Origin = new() { FleetVersion = "0.1.0", ClusterUid = from }, Parts = [],
        };
        var report = new RestoreReport("a", dryRun, [new(new("k0rdent.mirantis.com", "v1beta1", "ClusterDeployment", "clusterdeployments", true), new("team", "web"), outcome)]);
        Assert.Equal(told, RestoreCommand.OldPlane(manifest, report, here)?.Contains("1 cluster came from the management cluster old. Keep that one away", StringComparison.Ordinal) == true);
        Assert.Equal(told, RestoreCommand.OldPlane(manifest, report, here) is not null);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private void Write(string name, DateTimeOffset at)
    {
        var path = Path.Combine(folder.FullName, name + BackupName.Extension);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, at.UtcDateTime);
    }

    private static Task<int> RunAsync(string line) => RootCommandBuilder.Build().Parse(line).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
