using Fleet.Backup.Archives;
using Fleet.Backup.Targets;
using Fleet.ClusterManager.Backups;
using Fleet.Contracts.Backups;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Backups;

public sealed class BackupStatusFromTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 3, 0, 5, TimeSpan.Zero);

    private static readonly BackupPlan Plan = new(BackupAction.Run) { Name = BackupName.Parse("nightly-20261121030000"), Due = Now.AddSeconds(-5), Next = Now.AddDays(1) };

    [Fact]
    public void A_run_is_told_before_it_begins_and_when_it_is_done()
    {
        var item = Item(null);
        var started = BackupStatusFrom.Started(item, Plan, Now);
        Assert.Equal((BackupPhase.InProgress, "nightly-20261121030000", Plan.Due), (started.LastBackup!.Phase, started.LastBackupName, started.LastScheduled));
        Assert.Equal(Reason.Progressing, BackupStatusFrom.Conditions(item, Plan, started, null)[0].Reason);

        var result = new BackupResult("somewhere") { Manifest = Manifest(), SizeBytes = 77 };
        var finished = BackupStatusFrom.Finished(started, result, Plan.Next, Now.AddMinutes(1));
        Assert.Equal((BackupPhase.Completed, 12, 77L, Now.AddMinutes(1)), (finished.LastBackup!.Phase, finished.LastBackup.Progress!.ItemsBackedUp, finished.LastBackup.SizeBytes, finished.LastSuccess));
        var record = Assert.Single(finished.Backups!);
        Assert.Equal((BackupPhase.Completed, "somewhere"), (record.Phase, record.Location));
        Assert.Null(record.Message);
        Assert.All(BackupStatusFrom.Conditions(item, Plan, finished, result), condition => Assert.Equal(ConditionStatus.True, condition.Status));
    }

    [Fact]
    public void A_failure_keeps_what_was_whole_and_is_said_until_a_run_is_good()
    {
        var before = new ManagementBackupStatus { LastSuccess = Now.AddDays(-1), Failures = 1 };
        var item = Item(before);
        var result = new BackupResult("bucket b") { Failure = new(ManagementBackupReasons.LocationFull, "bucket b is full") };
        var failed = BackupStatusFrom.Finished(BackupStatusFrom.Started(item, Plan, Now), result, Plan.Next, Now);
        Assert.Equal((BackupPhase.Failed, 2, "bucket b is full", Now.AddDays(-1)), (failed.LastBackup!.Phase, failed.Failures, failed.Error, failed.LastSuccess));
        var conditions = BackupStatusFrom.Conditions(item, Plan, failed, result);
        Assert.Equal((ManagementBackupReasons.LocationFull, ConditionStatus.False), (conditions[0].Reason, conditions[1].Status));

        // While nothing runs the reason stays.
        var later = Item(failed with { Conditions = [.. conditions] });
        Assert.Equal(ManagementBackupReasons.LocationFull, BackupStatusFrom.Conditions(later, new(BackupAction.Wait), later.Status!, null)[0].Reason);
        var good = BackupStatusFrom.Finished(BackupStatusFrom.Started(later, Plan, Now), new("bucket b") { Manifest = Manifest() }, Plan.Next, Now);
        Assert.Null(good.Error);
        Assert.Null(good.Failures);
        Assert.Single(good.Backups!);
    }

    [Fact]
    public void A_region_that_was_away_is_named_and_what_was_whole_of_it_before_stays_known()
    {
        var item = Item(new() { Regions = [new() { Region = "away", LastBackupName = "nightly-20261120030000" }] });
        var result = new BackupResult("x") { Manifest = Manifest(new ArchivedRegion("away", "it does not answer"), new ArchivedRegion("there")) };
        var status = BackupStatusFrom.Finished(BackupStatusFrom.Started(item, Plan, Now), result, null, Now);
        Assert.Equal(BackupPhase.PartiallyFailed, status.LastBackup!.Phase);
        Assert.Equal(["away nightly-20261120030000 it does not answer", "there nightly-20261121030000 "], status.Regions!.Select(region => $"{region.Region} {region.LastBackupName} {region.Error}"));
        Assert.Equal(ManagementBackupReasons.RegionMissing, BackupStatusFrom.Conditions(item, Plan, status, result)[0].Reason);
    }

    [Fact]
    public void The_history_is_bounded()
    {
        var status = new ManagementBackupStatus();
        for (var i = 0; i < 30; i++)
            status = BackupStatusFrom.Started(Item(status), Plan with { Name = BackupName.At("nightly", Now.AddDays(i)) }, Now);
        Assert.Equal((20, "nightly-20261220030005"), (status.Backups!.Count, status.Backups[0].Name));
    }

    private static CustomResource<ManagementBackupSpec, ManagementBackupStatus> Item(ManagementBackupStatus? status) =>
        new() { Metadata = new() { Name = "nightly", Generation = 3 }, Spec = new() { Schedule = "0 3 * * *" }, Status = status };

    private static ArchiveManifest Manifest(params IReadOnlyList<ArchivedRegion> regions) => new()
    {
        Id = "i", CreatedAt = Now, CompletedAt = Now, Origin = new() { FleetVersion = "0" }, Regions = regions,
        Parts = [new() { Name = "objects/a", Content = PartContent.Objects, Offset = 0, StoredSize = 1, Size = 1, Sha256 = "", Objects = 12 }],
    };
}
