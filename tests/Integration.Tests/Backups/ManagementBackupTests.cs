using System.Text.Json.Nodes;
using Amazon.S3;
using Fleet.Backup.Archives;
using Fleet.Backup.Runs;
using Fleet.Backup.Targets;
using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;

namespace Fleet.Integration.Tests.Backups;

/// <summary>ManagementBackups on an embedded API server, by the clock of the test.</summary>
public sealed class ManagementBackupTests : IAsyncLifetime
{
    private const string Key = "3031323334353637383961626364656630313233343536373839616263646566";

    private const string KeySecret = $$"""{apiVersion: v1, kind: Secret, metadata: {name: fleet-backup-key, namespace: kcm-system}, stringData: {key: "{{Key}}"} }""";

    private readonly ManualTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fleet-backup-desk-");
    private BackupStage stage = null!;
    private BackupDesk desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stage = await BackupStage.StartAsync();
        desk = new(stage, clock, root.FullName);
        await stage.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: kcm-system} }");
    }

    public async ValueTask DisposeAsync()
    {
        await desk.DisposeAsync();
        await stage.DisposeAsync();
        root.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_a_key_none_is_made_and_with_it_the_schedule_makes_one_at_a_time_keeps_as_many_as_wanted_and_leaves_them_when_it_goes()
    {
        await ApplyAsync("nightly", "{schedule: '0 3 * * *', folder: here, retention: {count: 2} }");
        var waiting = await desk.StatusAfterAsync("nightly");
        Assert.True(waiting.NextAttempt > clock.GetUtcNow());
        Assert.Null(waiting.LastBackup);

        clock.Advance(TimeSpan.FromDays(3));
        var refused = await desk.StatusAfterAsync("nightly");
        Assert.Equal(("KeyMissing", BackupPhase.Failed), (Why(refused), refused.LastBackup!.Phase));
        Assert.Contains("kubectl -n kcm-system create secret generic fleet-backup-key --from-literal=key=$(openssl rand -hex 32)", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Archives("here"));

        // Three were missed; the last of them is made up for, as soon as there is a key.
        await stage.ApplyAsync(KeySecret);
        var made = await desk.StatusAfterAsync("nightly");
        Assert.Equal((BackupPhase.Completed, "Completed"), (made.LastBackup!.Phase, Why(made)));
        Assert.Null(made.Error);
        var first = Assert.Single(Archives("here"));
        Assert.Equal($"nightly-{made.LastScheduled!.Value.UtcDateTime:yyyyMMdd}030000", first);
        Assert.Equal((first, new FileInfo(PathOf("here", first)).Length), (made.LastBackupName, made.LastBackup.SizeBytes));
        Assert.DoesNotContain(Key, made.ToString(), StringComparison.Ordinal);

        await desk.LookAsync("nightly", Cancel);
        Assert.Single(Archives("here"));
        for (var day = 0; day < 2; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            await desk.LookAsync("nightly", Cancel);
            // The target's clock is the machine's: the older must look older.
            foreach (var (name, age) in Archives("here").Order(StringComparer.Ordinal).Reverse().Select((name, age) => (name, age)))
                File.SetLastWriteTimeUtc(PathOf("here", name), DateTime.UnixEpoch.AddDays(1000 - age));
        }

        clock.Advance(TimeSpan.FromDays(1));
        var status = await desk.StatusAfterAsync("nightly");
        Assert.Equal(2, Archives("here").Count);
        Assert.Contains(status.LastBackupName, Archives("here"));
        Assert.Equal(4, status.Backups!.Count(record => record.Phase == BackupPhase.Completed));

        await stage.Client.Resource(FleetKinds.ManagementBackups).DeleteAsync(ObjectKey.Cluster("nightly"), DeleteOptions.Background, Cancel);
        await desk.LookAsync("nightly", Cancel);
        Assert.Equal(2, Archives("here").Count);
    }

    [Fact]
    public async Task Two_processes_make_each_backup_once()
    {
        await stage.ApplyAsync(KeySecret);
        await using var other = new BackupDesk(stage, clock, root.FullName);
        await ApplyAsync("nightly", "{schedule: '0 3 * * *', folder: both}");
        for (var day = 1; day <= 3; day++)
        {
            clock.Advance(TimeSpan.FromDays(1));
            await Task.WhenAll(desk.LookAsync("nightly", Cancel), other.LookAsync("nightly", Cancel));
            // Whoever had no turn looks again.
            var one = await desk.StatusAfterAsync("nightly");
            var two = await other.StatusAfterAsync("nightly");
            Assert.Equal((BackupPhase.Completed, day), (two.LastBackup!.Phase, two.Backups!.Count));
            Assert.Equal(one.LastBackup!.CompletionTimestamp, two.LastBackup.CompletionTimestamp);
            Assert.Equal(day, Archives("both").Count);
        }
    }

    [Fact]
    public async Task A_process_that_came_past_the_lease_takes_what_the_other_has_written_and_nothing_of_others()
    {
        await stage.ApplyAsync(KeySecret);
        await ApplyAsync("once", "{folder: shared}");
        var made = await desk.StatusAfterAsync("once");
        var written = new FileInfo(PathOf("shared", "once")).LastWriteTimeUtc;
        // Nobody knows of it any more, as if it had been written by a process that died before it could tell.
        await stage.StatusAsync("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {name: once}, status: {lastBackup: null, backups: null} }");
        var found = await desk.StatusAfterAsync("once");
        Assert.Equal((BackupPhase.Completed, made.LastBackup!.SizeBytes), (found.LastBackup!.Phase, found.LastBackup.SizeBytes));
        Assert.Equal(written, new FileInfo(PathOf("shared", "once")).LastWriteTimeUtc);

        // One of another ManagementBackup, and one that another key opens, are left alone.
        File.Copy(PathOf("shared", "once"), PathOf("shared", "twice"));
        await ApplyAsync("twice", "{folder: shared}");
        Assert.Equal("NameTaken", Why(await desk.StatusAfterAsync("twice")));
        await stage.ApplyAsync("{apiVersion: v1, kind: Secret, metadata: {name: other-key, namespace: kcm-system}, stringData: {passphrase: correct horse battery} }");
        await ApplyAsync("twice", "{folder: shared, encryptionSecretRef: {name: other-key} }");
        Assert.Equal("KeyInvalid", Why(await desk.StatusAfterAsync("twice")));
        Assert.Equal(2, Archives("shared").Count);
    }

    [Fact]
    public async Task What_was_cut_off_is_gone_on_with_and_nothing_is_left_of_it()
    {
        await stage.ApplyAsync(KeySecret);
        await ApplyAsync("once", "{folder: cut}");
        var left = Path.Combine(root.CreateSubdirectory("cut").FullName, ".once.fleetbackup.0123.partial");
        await File.WriteAllTextAsync(left, "half", Cancel);
        await stage.StatusAsync("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {name: once}, status: {lastBackupName: once, lastBackup: {phase: InProgress} } }");
        var status = await desk.StatusAfterAsync("once");
        Assert.Equal((BackupPhase.Completed, "once"), (status.LastBackup!.Phase, status.LastBackupName));
        Assert.Equal(["once.fleetbackup"], root.CreateSubdirectory("cut").GetFiles().Select(file => file.Name));
    }

    [Fact]
    public async Task A_disk_that_is_full_is_named_and_no_half_archive_is_there()
    {
        await stage.ApplyAsync(KeySecret);
        var disk = root.CreateSubdirectory("full").FullName;
        (await ProcessOutput.RunAsync("mount", ["-t", "tmpfs", "-o", "size=16k", "fleet-test", disk])).MustSucceed();
        try
        {
            await ApplyAsync("once", "{folder: full}");
            var status = await desk.StatusAfterAsync("once");
            Assert.Equal("LocationFull", Why(status));
            Assert.Contains(disk, status.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(disk));

            // With room it goes on by itself.
            (await ProcessOutput.RunAsync("mount", ["-o", "remount,size=4m", disk])).MustSucceed();
            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(BackupPhase.Completed, (await desk.StatusAfterAsync("once")).LastBackup!.Phase);
        }
        finally
        {
            (await ProcessOutput.RunAsync("umount", [disk])).MustSucceed();
        }
    }

    [Fact]
    public async Task The_database_and_regions_are_in_it_and_a_region_that_is_away_is_named()
    {
        await stage.ApplyAsync(KeySecret);
        await using var region = await BackupStage.StartAsync();
        await region.ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: kcm-system} }");
        await region.ApplyAsync("{apiVersion: v1, kind: Secret, metadata: {name: of-the-region, namespace: kcm-system}, stringData: {a: b} }");
        await stage.Client.Dynamic(CoreKinds.Secrets).CreateAsync(new(new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = "west", ["namespace"] = "kcm-system" }, ["stringData"] = new JsonObject { ["value"] = await File.ReadAllTextAsync(region.KubeconfigPath, Cancel) },
        }), Cancel);
        foreach (var name in (string[])["west", "east"])
            await stage.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Region, metadata: {{name: {name}}}, spec: {{kubeConfig: {{name: {name}}} }} }}");

        await using var withDatabase = new BackupDesk(stage, clock, root.FullName, (await PrivatePostgres.SharedAsync()).ConnectionString);
        await ApplyAsync("once", "{folder: all}");
        var status = await withDatabase.StatusAfterAsync("once");
        Assert.Equal((BackupPhase.PartiallyFailed, "RegionMissing"), (status.LastBackup!.Phase, Why(status)));
        Assert.Equal(["east=", "west=once"], status.Regions!.Select(taken => $"{taken.Region}={taken.LastBackupName}"));
        Assert.Contains("kcm-system/east", status.Regions![0].Error, StringComparison.Ordinal);

        var target = new FolderTarget(Path.Combine(root.FullName, "all"));
        var manifest = await new BackupRun(target, BackupStage.Secret, clock).VerifyAsync(BackupName.Parse("once"), null, Cancel);
        Assert.Contains(manifest.Parts, part => part.Content == PartContent.PostgresDump && part.Size > 0);
        await using var content = await target.OpenAsync(BackupName.Parse("once"), Cancel);
        using var archive = await ArchiveReader.OpenAsync(content, BackupStage.Secret, Cancel);
        using var secrets = new MemoryStream();
        await archive.ReadAsync(manifest.Find("regions/west/objects/core/secrets")!, part => part.CopyToAsync(secrets), Cancel);
        Assert.Contains("of-the-region", System.Text.Encoding.UTF8.GetString(secrets.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_location_of_velero_is_used_its_backups_are_shown_and_waited_for_and_an_upload_that_was_cut_off_is_cleared()
    {
        var ceph = await MiniCeph.SharedAsync();
        using var s3 = new AmazonS3Client(ceph.AccessKey, ceph.SecretKey, new AmazonS3Config
        {
            ServiceURL = "http://" + ceph.Endpoint, ForcePathStyle = true, AuthenticationRegion = "default",
            RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
        });
        await s3.PutBucketAsync("velero-backups", Cancel);
        await stage.ApplyAsync(KeySecret);
        foreach (var kind in (string[])["BackupStorageLocation", "Backup"])
        {
            await stage.ApplyAsync(VeleroDefinition(kind));
            await ManagementCluster.UntilAsync(() => stage.Client.FindKindAsync(new("velero.io", "v1", kind), CancellationToken.None), found => found is not null, _ => "not served");
        }

        await stage.ApplyAsync($$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: velero}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: keys, namespace: velero}
            stringData:
              cloud: |
                [fleet]
                aws_access_key_id={{ceph.AccessKey}}
                aws_secret_access_key={{ceph.SecretKey}}
            ---
            apiVersion: velero.io/v1
            kind: BackupStorageLocation
            metadata: {name: s3, namespace: velero}
            spec:
              provider: aws
              default: true
              objectStorage: {bucket: velero-backups, prefix: plane}
              config: {region: default, s3Url: "http://{{ceph.Endpoint}}", profile: fleet, s3ForcePathStyle: "true"}
              credential: {name: keys, key: cloud}
            ---
            apiVersion: velero.io/v1
            kind: Backup
            metadata: {name: daily-1, namespace: velero, labels: {velero.io/schedule-name: daily} }
            spec: {storageLocation: s3}
            status: {phase: InProgress, startTimestamp: "2026-11-22T03:00:00Z"}
            """);

        await ApplyAsync("nightly", "{schedule: '@every 1h', storageLocation: s3}");
        await desk.LookAsync("nightly", Cancel);
        clock.Advance(TimeSpan.FromMinutes(65));
        var held = await desk.StatusAfterAsync("nightly");
        Assert.Null(held.LastBackup);
        Assert.Contains("velero/daily-1", held.Conditions!.Find(condition => condition.Type == ManagementBackupConditions.BackedUp)!.Message, StringComparison.Ordinal);
        Assert.Equal(("velero/daily-1", "daily", "InProgress"), (held.Velero![0].Name, held.Velero[0].Schedule, held.Velero[0].Phase));

        await stage.ApplyAsync("{apiVersion: velero.io/v1, kind: Backup, metadata: {name: daily-1, namespace: velero, labels: {velero.io/schedule-name: daily} }, spec: {storageLocation: s3}, status: {phase: Completed} }");
        var made = await desk.StatusAfterAsync("nightly");
        Assert.Equal((BackupPhase.Completed, "Completed"), (made.LastBackup!.Phase, made.Velero![0].Phase));
        var stored = Assert.Single((await s3.ListObjectsV2Async(new() { BucketName = "velero-backups" }, Cancel)).S3Objects);
        Assert.Equal($"plane/{made.LastBackupName}.fleetbackup", stored.Key);
        Assert.DoesNotContain(ceph.SecretKey, made.ToString(), StringComparison.Ordinal);

        // A writer that died with a claim and parts: the default location, found without a name.
        using var target = new BucketTarget(new(ceph.Endpoint, "velero-backups") { Insecure = true, Region = "default", Prefix = "plane", Access = new(ceph.AccessKey, ceph.SecretKey) }, null, clock);
        var dead = await target.BeginAsync(BackupName.Parse("once"), Cancel);
        await dead.Content.WriteAsync(new byte[BucketUpload.PartBytes + 1], Cancel);
        await ApplyAsync("once", "{}");
        await stage.StatusAsync("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {name: once}, status: {lastBackupName: once, lastBackup: {phase: InProgress} } }");
        Assert.Equal(BackupPhase.Completed, (await desk.StatusAfterAsync("once")).LastBackup!.Phase);
        Assert.DoesNotContain((await s3.ListObjectsV2Async(new() { BucketName = "velero-backups" }, Cancel)).S3Objects, item => item.Key.EndsWith(".claim", StringComparison.Ordinal));
        await dead.DisposeAsync();
    }

    private static string VeleroDefinition(string kind) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{kind.ToLowerInvariant()}}s.velero.io}
        spec:
          group: velero.io
          scope: Namespaced
          names: {plural: {{kind.ToLowerInvariant()}}s, singular: {{kind.ToLowerInvariant()}}, kind: {{kind}} }
          versions:
          - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} } }
        """;

    private Task ApplyAsync(string name, string spec) => stage.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {{name: {name}}}, spec: {spec} }}");

    private static string? Why(ManagementBackupStatus status) => status.Conditions?.Find(condition => condition.Type == ManagementBackupConditions.BackedUp)?.Reason.Value;

    private List<string> Archives(string folder) => Directory.Exists(Path.Combine(root.FullName, folder))
        ? [.. Directory.GetFiles(Path.Combine(root.FullName, folder), "*.fleetbackup").Select(Path.GetFileNameWithoutExtension).OfType<string>()]
        : [];

    private string PathOf(string folder, string archive) => Path.Combine(root.FullName, folder, archive + ".fleetbackup");
}
