using System.Text.Json.Nodes;
using Amazon.S3;
using Fleet.Backup.Archives;
using Fleet.Backup.Targets;
using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Integration.Tests.ClusterManager;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Sources.Buckets;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;

namespace Fleet.Integration.Tests.Backups;

/// <summary>ManagementBackups while objects change under them, and with a bucket that is full, slow, or of another time: what the controller makes of it.</summary>
public sealed class BackupTroubleTests : IAsyncLifetime
{
    private readonly ManualTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fleet-backup-trouble-");
    private readonly string bucket = $"trouble-{Guid.NewGuid():N}";
    private BackupStage stage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stage = await BackupStage.StartAsync(clock: clock);
        await stage.ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: kcm-system} }
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: fleet-backup-key, namespace: kcm-system}, stringData: {key: "3031323334353637383961626364656630313233343536373839616263646566"} }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await stage.DisposeAsync();
        root.Delete(recursive: true);
    }

    [Fact]
    public async Task Objects_come_and_go_and_lists_expire_while_it_is_made_and_nothing_that_was_there_is_lacking()
    {
        var expected = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < 250; number++)
            await MakeAsync($"cm-{number:000}", expected);
        var expiries = 0;
        using var probe = new PagingProbe(stage.Client, async (kind, next) =>
        {
            if (kind.Kind != "ConfigMap" || next is null || expiries == 2)
                return;
            // Behind the pages that were read, before them, and new: then the snapshot of the list is too old to go on with.
            expiries++;
            await GoAsync($"cm-00{expiries}");
            expected.Remove($"cm-20{expiries}");
            await GoAsync($"cm-20{expiries}");
            await MakeAsync($"cm-late-{expiries}", expected);
            clock.Advance(TimeSpan.FromMinutes(6));
        });
        await using var desk = new BackupDesk(stage, new(clock.GetUtcNow()), root.FullName, client: probe);
        await ApplyAsync("once", "{folder: here}");
        var status = await desk.StatusAfterAsync("once");
        Assert.Equal((BackupPhase.Completed, 2), (status.LastBackup!.Phase, expiries));

        // Those of the first page were in it before they went. Each is there once.
        var (taken, warnings) = await TakenAsync();
        Assert.Equal(expected.Order(StringComparer.Ordinal), taken);
        Assert.Contains("configmaps", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_kinds_are_of_the_moment_at_which_the_first_was_read()
    {
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in (string[])["cm-stays", "cm-goes"])
            await MakeAsync(name, expected);
        using var probe = new PagingProbe(stage.Client, async (kind, _) =>
        {
            // Secrets are read before ConfigMaps.
            if (kind.Kind != "Secret")
                return;
            await GoAsync("cm-goes");
            await MakeAsync("cm-comes", []);
        });
        await using var desk = new BackupDesk(stage, new(clock.GetUtcNow()), root.FullName, client: probe);
        await ApplyAsync("once", "{folder: here}");
        Assert.Equal(BackupPhase.Completed, (await desk.StatusAfterAsync("once")).LastBackup!.Phase);
        var (taken, warnings) = await TakenAsync();
        Assert.Equal(expected.Order(StringComparer.Ordinal), taken);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(BucketFault.Full, "LocationFull", "is full")]
    [InlineData(BucketFault.Skewed, "LocationRefused", "clocks of this machine and of the server differ")]
    public async Task A_bucket_that_takes_nothing_is_told_and_tried_again_and_nothing_is_left_of_the_try(BucketFault fault, string reason, string words)
    {
        await using var faulty = await BucketAsync();
        await using var desk = new BackupDesk(stage, clock, root.FullName);
        await ApplyAsync("once", BucketSpec(faulty));
        faulty.Fail(fault, 1);
        var refused = await desk.StatusAfterAsync("once");
        Assert.Equal((BackupPhase.Failed, reason), (refused.LastBackup!.Phase, refused.Conditions!.Find(condition => condition.Type == ManagementBackupConditions.BackedUp)!.Reason.Value));
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        faulty.Mend();
        Assert.Empty(await KeysAsync());

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(BackupPhase.Completed, (await desk.StatusAfterAsync("once")).LastBackup!.Phase);
        Assert.Equal(["once.fleetbackup"], await KeysAsync());
    }

    [Fact]
    public async Task A_slow_bucket_keeps_the_turn_and_a_second_scheduler_waits_for_it()
    {
        await using var faulty = await BucketAsync();
        await using var desk = new BackupDesk(stage, clock, root.FullName);
        await using var other = new BackupDesk(stage, clock, root.FullName);
        await ApplyAsync("nightly", BucketSpec(faulty, "schedule: '0 3 * * *', "));
        clock.Advance(TimeSpan.FromDays(1));
        // The name is free, says the first request; the second is the backup itself.
        var (reached, letGo) = faulty.Hold(2);
        var slow = desk.StatusAfterAsync("nightly");
        await reached.WaitAsync(Cancel);
        Assert.Equal("WaitingForOthers", (await other.LookAsync("nightly", Cancel)).Reason);
        // Twice as long as the Lease lives.
        for (var third = 0; third < 6; third++)
        {
            var before = await RenewedAsync();
            clock.Advance(TimeSpan.FromSeconds(10));
            await ManagementCluster.UntilAsync(RenewedAsync, renewed => renewed > before, renewed => $"renewed {renewed:O}");
        }

        var waiting = await other.LookAsync("nightly", Cancel);
        Assert.Equal((OutcomeKind.Waiting, "WaitingForOthers"), (waiting.Kind, waiting.Reason));
        Assert.Empty(await KeysAsync());
        letGo();
        var made = await slow;
        Assert.Equal(BackupPhase.Completed, made.LastBackup!.Phase);
        var seen = await other.StatusAfterAsync("nightly");
        Assert.Equal((made.LastBackup.CompletionTimestamp, 1), (seen.LastBackup!.CompletionTimestamp, seen.Backups!.Count));
        Assert.Equal([$"{made.LastBackupName}.fleetbackup"], await KeysAsync());
    }

    private async Task<DateTimeOffset?> RenewedAsync() => (await stage.Client.Resource(CoreTypes.Leases).GetAsync(new("kcm-system", "fleet-management-backup"), Cancel))?.Spec?.RenewTime;

    private async Task MakeAsync(string name, HashSet<string> expected)
    {
        await stage.Client.Dynamic(CoreKinds.ConfigMaps).CreateAsync(new(new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "kcm-system" },
        }), Cancel);
        expected.Add(name);
    }

    /// <summary>Names of the ConfigMaps that are in the backup.</summary>
    private async Task<(IReadOnlyList<string> Names, IReadOnlyList<string> Warnings)> TakenAsync()
    {
        await using var content = await new FolderTarget(Path.Combine(root.FullName, "here")).OpenAsync(BackupName.Parse("once"), Cancel);
        using var archive = await ArchiveReader.OpenAsync(content, BackupStage.Secret, Cancel);
        using var objects = new MemoryStream();
        await archive.ReadAsync(archive.Manifest.Find("objects/core/configmaps")!, part => part.CopyToAsync(objects), Cancel);
        var names = System.Text.Encoding.UTF8.GetString(objects.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["metadata"]!["name"]!);
        return ([.. names.Where(name => name.StartsWith("cm-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)], archive.Manifest.Warnings);
    }

    private Task GoAsync(string name) => stage.Client.Dynamic(CoreKinds.ConfigMaps).DeleteAsync(new("kcm-system", name), DeleteOptions.Background, Cancel);

    private async Task<FaultyBucket> BucketAsync()
    {
        var ceph = await MiniCeph.SharedAsync();
        using var s3 = Client(ceph);
        await s3.PutBucketAsync(bucket, Cancel);
        await stage.ApplyAsync($"{{apiVersion: v1, kind: Secret, metadata: {{name: bucket, namespace: kcm-system}}, stringData: {{accesskey: {ceph.AccessKey}, secretkey: {ceph.SecretKey}}} }}");
        return await FaultyBucket.StartAsync(ceph.Endpoint);
    }

    private async Task<IEnumerable<string>> KeysAsync()
    {
        using var s3 = Client(await MiniCeph.SharedAsync());
        return ((await s3.ListObjectsV2Async(new() { BucketName = bucket }, Cancel)).S3Objects ?? []).Select(item => item.Key);
    }

    private AmazonS3Client Client(MiniCeph ceph) => BucketClients.Create(new(ceph.Endpoint, bucket) { Insecure = true, Region = "default", Access = new(ceph.AccessKey, ceph.SecretKey) });

    private string BucketSpec(FaultyBucket at, string more = "") =>
        $"{{{more}bucket: {{endpoint: '{at.Endpoint}', name: {bucket}, region: default, insecure: true, secretRef: {{name: bucket}} }} }}";

    private Task ApplyAsync(string name, string spec) => stage.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {{name: {name}}}, spec: {spec} }}");
}
