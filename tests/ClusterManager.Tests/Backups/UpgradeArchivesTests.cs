using Fleet.Backup.Targets;
using Fleet.ClusterManager.Backups;
using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Management = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Components.ManagementSpec, Fleet.Contracts.Components.ManagementStatus>;
using ManagementBackup = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Backups.ManagementBackupSpec, Fleet.Contracts.Backups.ManagementBackupStatus>;

namespace Fleet.ClusterManager.Tests.Backups;

/// <summary>Which backups from before upgrades go. r5 is of the newest upgrade, r1 of the oldest, ten days apart.</summary>
public sealed class UpgradeArchivesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    private static readonly ManagementBackup Schedule = Backup("nightly", null, BackupPhase.Completed);

    [Theory]
    [InlineData(null, null, "")]
    [InlineData(2, null, "r1 r2 r3")]
    [InlineData(1, null, "r1 r2 r3 r4")]
    [InlineData(0, null, "r1 r2 r3 r4")]
    [InlineData(null, 25, "r1 r2")]
    [InlineData(null, 1, "r1 r2 r3 r4")]
    [InlineData(3, 25, "r1 r2")]
    public void The_retention_of_the_schedule_is_theirs_too_and_the_newest_stays(int? count, int? days, string expected) =>
        Assert.Equal(expected, Due(Copies(), Archives(), new(count, days is { } d ? TimeSpan.FromDays(d) : null)));

    [Theory]
    [InlineData("r1", "r6", "r2 r3 r4")]
    [InlineData("r4", "r6", "r1 r2 r3")]
    [InlineData("r4", "r4", "r1 r2 r3 r4")]
    [InlineData(null, "r6", "r1 r2 r3 r4")]
    public void The_one_before_an_upgrade_that_runs_stays(string? installed, string wanted, string expected)
    {
        var management = new Management
        {
            Metadata = new() { Name = "kcm" }, Spec = new() { Release = wanted }, Status = new() { Release = installed },
        };
        Assert.Equal(expected, Due(Copies(), Archives(), new(1, null), management));
    }

    [Fact]
    public void What_was_not_made_for_it_is_left_alone()
    {
        List<ManagementBackup> others =
        [
            .. Copies(),
            Backup("nightly-r0", null, BackupPhase.Completed),
            Backup("weekly-r1", "r1", BackupPhase.Completed),
            Backup("nightly-x", "r1", BackupPhase.Completed),
            Backup("nightly-failed", "failed", BackupPhase.Failed),
            Backup("nightly-runs", "runs", BackupPhase.InProgress),
            Backup("nightly-elsewhere", "elsewhere", BackupPhase.Completed, folder: "other"),
        ];
        var stored = others.Select(copy => Archive(copy.Metadata.Name!, 400)).Concat(Archives()).DistinctBy(archive => archive.Name).ToList();
        stored.RemoveAll(archive => archive.Name.Text is "nightly-r5");
        stored.Add(Archive("nightly-r5", 0));
        Assert.Equal("r1 r2 r3 r4", Due(others, stored, new(1, null)));
    }

    [Fact]
    public void One_whose_archive_is_gone_does_not_say_any_longer_that_there_is_one_and_does_not_count_as_the_newest()
    {
        List<StoredBackup> left = [.. Archives().Where(archive => archive.Name.Text is "nightly-r2" or "nightly-r3")];
        Assert.Equal("r2 r1 r4 r5", Due(Copies(), left, new(1, null)));
        Assert.Equal("r1 r4 r5", Due(Copies(), left, new(null, null)));
    }

    [Fact]
    public void What_is_locked_is_not_asked_for() =>
        Assert.Equal("r2", Due(Copies(), [.. Archives().Select(archive => archive.Name.Text == "nightly-r1" ? archive with { RetainedUntil = Now.AddDays(1) } : archive)], new(3, null)));

    private static string Due(IReadOnlyList<ManagementBackup> copies, IReadOnlyList<StoredBackup> stored, Retention retention, Management? management = null) =>
        string.Join(' ', UpgradeArchives.Due(Schedule, [Schedule, .. copies], management, stored, retention, Now).Select(copy => copy.Metadata.Labels![FleetLabels.ReleaseBackup]));

    private static List<ManagementBackup> Copies() => [.. Enumerable.Range(1, 5).Select(number => Backup($"nightly-r{number}", $"r{number}", number == 2 ? BackupPhase.PartiallyFailed : BackupPhase.Completed))];

    private static List<StoredBackup> Archives() => [Archive("nightly-20261122030000", 0), .. Enumerable.Range(1, 5).Select(number => Archive($"nightly-r{number}", (5 - number) * 10))];

    private static StoredBackup Archive(string name, int days) => new(BackupName.Parse(name), 1, Now.AddDays(-days));

    private static ManagementBackup Backup(string name, string? release, string phase, string folder = "here") => new()
    {
        Metadata = new() { Name = name, Labels = release is null ? null : new Dictionary<string, string> { [FleetLabels.ReleaseBackup] = release } },
        Spec = new() { Folder = folder }, Status = new() { LastBackup = new() { Phase = phase } },
    };
}
