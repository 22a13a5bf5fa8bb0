using Amazon.S3;
using Amazon.S3.Model;
using Fleet.Backup.Archives;
using Fleet.Backup.Targets;
using Fleet.Sources.Buckets;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Backups;

/// <summary>Backups in a real S3 server.</summary>
public sealed class BucketTargetTests
{
    private static readonly BackupName Name = BackupName.Parse("nightly-20261122030000");

    [Theory]
    [InlineData(1000)]
    [InlineData(BucketUpload.PartBytes)]
    [InlineData((2 * BucketUpload.PartBytes) + 777)]
    public async Task What_is_written_in_one_piece_or_in_parts_is_listed_read_anywhere_and_deleted(int size)
    {
        using var target = await TargetAsync($"backups-{size}");
        var content = new byte[size];
        new Random(size).NextBytes(content);
        await WriteAsync(target, content);
        var stored = Assert.Single(await target.ListAsync(CancellationToken.None));
        Assert.Equal((Name, size), (stored.Name, stored.Size));
        await using (var stream = await target.OpenAsync(Name, CancellationToken.None))
        {
            var read = new byte[size];
            await stream.ReadExactlyAsync(read, TestContext.Current.CancellationToken);
            Assert.Equal(content, read);
            stream.Position = size - 10;
            await stream.ReadExactlyAsync(read.AsMemory(0, 10), TestContext.Current.CancellationToken);
            Assert.Equal(content[^10..], read[..10]);
            Assert.Equal(0, await stream.ReadAsync(read, TestContext.Current.CancellationToken));
        }

        Assert.Equal(BackupTargetFault.Taken, (await Assert.ThrowsAsync<BackupTargetException>(() => target.BeginAsync(Name, CancellationToken.None))).Fault);
        Assert.True(await target.DeleteAsync(Name, CancellationToken.None));
        Assert.Empty(await target.ListAsync(CancellationToken.None));
        Assert.Equal(BackupTargetFault.NotFound, (await Assert.ThrowsAsync<BackupTargetException>(() => target.OpenAsync(Name, CancellationToken.None))).Fault);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(BucketUpload.PartBytes + 1)]
    public async Task Of_two_writers_of_a_name_one_wins_and_the_other_is_told(int size)
    {
        using var target = await TargetAsync($"race-{size}");
        await using var first = await target.BeginAsync(Name, CancellationToken.None);
        await using var second = await target.BeginAsync(Name, CancellationToken.None);
        await first.Content.WriteAsync(Enumerable.Repeat((byte)1, size).ToArray(), TestContext.Current.CancellationToken);
        var lost = await Assert.ThrowsAsync<BackupTargetException>(async () =>
        {
            // Small ones meet at the commit, large ones when the second one claims the name.
            await second.Content.WriteAsync(Enumerable.Repeat((byte)2, size).ToArray());
            await first.CommitAsync(CancellationToken.None);
            await second.CommitAsync(CancellationToken.None);
        });
        Assert.Equal(BackupTargetFault.Taken, lost.Fault);
        if (size > BucketUpload.PartBytes)
            await first.CommitAsync(CancellationToken.None);
        await using var stream = await target.OpenAsync(Name, CancellationToken.None);
        var read = new byte[1];
        await stream.ReadExactlyAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal(1, read[0]);
    }

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_nothing_behind()
    {
        using var target = await TargetAsync("given-up");
        await using (var upload = await target.BeginAsync(Name, CancellationToken.None))
            await upload.Content.WriteAsync(new byte[BucketUpload.PartBytes + 1], TestContext.Current.CancellationToken);
        Assert.Empty(await target.ListAsync(CancellationToken.None));
        using var s3 = Client(await MiniCeph.SharedAsync());
        Assert.Empty((await s3.ListMultipartUploadsAsync("given-up", TestContext.Current.CancellationToken)).MultipartUploads ?? []);
        Assert.Empty((await s3.ListObjectsV2Async(new() { BucketName = "given-up" }, TestContext.Current.CancellationToken)).S3Objects ?? []);
        // The name is free again.
        await WriteAsync(target, [1]);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(BucketUpload.PartBytes + 1)]
    public async Task A_locked_backup_outlives_its_deletion(int size)
    {
        var bucket = $"locked-{size}";
        var ceph = await MiniCeph.SharedAsync();
        using var s3 = Client(ceph);
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = bucket, ObjectLockEnabledForBucket = true }, TestContext.Current.CancellationToken);
        using var target = new BucketTarget(Source(ceph, bucket), new("GOVERNANCE", TimeSpan.FromDays(1)), TimeProvider.System);
        await WriteAsync(target, new byte[size]);
        await target.DeleteAsync(Name, CancellationToken.None);
        var versions = (await s3.ListVersionsAsync(bucket, TestContext.Current.CancellationToken)).Versions;
        var kept = Assert.Single(versions, version => version.Key == "fleet/" + Name.FileName && version.IsDeleteMarker != true);
        var refused = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.DeleteObjectAsync(bucket, kept.Key, kept.VersionId, TestContext.Current.CancellationToken));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_or_refuses_is_said_to()
    {
        var ceph = await MiniCeph.SharedAsync();
        using var missing = new BucketTarget(Source(ceph, "no-such-bucket-of-backups"), null, TimeProvider.System);
        Assert.Equal(BackupTargetFault.NotFound, (await Assert.ThrowsAsync<BackupTargetException>(() => missing.ListAsync(CancellationToken.None))).Fault);
        using var refusing = new BucketTarget(Source(ceph, "no-such-bucket-of-backups") with { Access = new(ceph.AccessKey, "wrong-secret-key-of-nobody") }, null, TimeProvider.System);
        var refused = await Assert.ThrowsAsync<BackupTargetException>(() => refusing.ListAsync(CancellationToken.None));
        Assert.Equal(BackupTargetFault.Refused, refused.Fault);
        Assert.DoesNotContain("wrong-secret-key", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archive_is_read_from_a_bucket_part_by_part()
    {
        using var target = await TargetAsync("archives");
        var noise = new byte[3 * 1024 * 1024];
        new Random(3).NextBytes(noise);
        await using (var upload = await target.BeginAsync(Name, CancellationToken.None))
        {
            using var writer = await ArchiveWriter.StartAsync(upload.Content, BackupStage.Secret, TimeProvider.System.GetUtcNow(), CancellationToken.None);
            foreach (var part in (string[])["objects/a", "objects/b"])
                await writer.WriteAsync(new(part, PartContent.Objects), async stream => { await stream.WriteAsync(noise); return 1; }, CancellationToken.None);
            await writer.CompleteAsync(new() { FleetVersion = "0.1.0" }, TimeProvider.System.GetUtcNow(), [], [], CancellationToken.None);
            await upload.CommitAsync(CancellationToken.None);
        }

        await using var content = await target.OpenAsync(Name, CancellationToken.None);
        using var archive = await ArchiveReader.OpenAsync(content, BackupStage.Secret, CancellationToken.None);
        await archive.VerifyAsync(null, CancellationToken.None);
        using var copy = new MemoryStream();
        await archive.ReadAsync(archive.Manifest.Find("objects/a")!, part => part.CopyToAsync(copy), CancellationToken.None);
        Assert.Equal(noise, copy.ToArray());
    }

    private static async Task WriteAsync(BucketTarget target, byte[] content)
    {
        await using var upload = await target.BeginAsync(Name, CancellationToken.None);
        // In pieces that do not fit the parts.
        foreach (var piece in content.Chunk(1_000_003))
            await upload.Content.WriteAsync(piece);
        await upload.CommitAsync(CancellationToken.None);
    }

    private static async Task<BucketTarget> TargetAsync(string bucket)
    {
        var ceph = await MiniCeph.SharedAsync();
        using var s3 = Client(ceph);
        await s3.PutBucketAsync(bucket);
        return new(Source(ceph, bucket), null, TimeProvider.System);
    }

    private static BucketSource Source(MiniCeph ceph, string bucket) =>
        new(ceph.Endpoint, bucket) { Insecure = true, Region = "default", Prefix = "fleet", Access = new(ceph.AccessKey, ceph.SecretKey) };

    private static AmazonS3Client Client(MiniCeph ceph) => new(ceph.AccessKey, ceph.SecretKey, new AmazonS3Config
    {
        ServiceURL = "http://" + ceph.Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = "default",
        RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
    });
}
