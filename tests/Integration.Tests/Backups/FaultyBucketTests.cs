using Amazon.S3;
using Amazon.S3.Model;
using Fleet.Backup.Archives;
using Fleet.Backup.Targets;
using Fleet.Sources.Buckets;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Backups;

/// <summary>
/// A bucket that fails at any request: the walk begins with the first one and ends when a run needs none that would fail. Whatever happens, there is the whole backup, or an
/// error that has a name; never half a backup, and nothing that is left behind unsaid.
/// </summary>
public sealed class FaultyBucketTests : IAsyncLifetime
{
    private const int Small = 1000;
    private const int Part = 64 * 1024;
    private const int Large = Part + 777;

    private static readonly BackupName Name = BackupName.Parse("nightly-20261122030000");

    private readonly string bucket = $"faulty-{Guid.NewGuid():N}";
    private MiniCeph ceph = null!;
    private FaultyBucket faulty = null!;
    private AmazonS3Client s3 = null!;

    public async ValueTask InitializeAsync()
    {
        ceph = await MiniCeph.SharedAsync();
        s3 = BucketClients.Create(new(ceph.Endpoint, bucket) { Insecure = true, Region = "default", Access = new(ceph.AccessKey, ceph.SecretKey) });
        await s3.PutBucketAsync(bucket);
        faulty = await FaultyBucket.StartAsync(ceph.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await faulty.DisposeAsync();
        s3.Dispose();
    }

    [Theory]
    [InlineData(BucketFault.Broken, Small)]
    [InlineData(BucketFault.Broken, Large)]
    [InlineData(BucketFault.AnswerLost, Small)]
    [InlineData(BucketFault.AnswerLost, Large)]
    [InlineData(BucketFault.Failing, Large)]
    public async Task One_request_that_fails_is_made_up_for(BucketFault fault, int size)
    {
        var content = Content(size);
        await WalkAsync(async (number, faulty, prefix) =>
        {
            using var target = Target(retries: 2, at: faulty, prefix: prefix);
            faulty.Fail(fault, number, number);
            var (error, _) = await WriteAsync(target, content);
            Assert.True(error is null, $"request {number}: {error?.Message}");
            Assert.Single(await target.ListAsync(CancellationToken.None));
            Assert.Equal(content, await ReadAsync(target));
            Assert.True(await target.DeleteAsync(Name, CancellationToken.None));
            var requests = faulty.Seen;
            faulty.Mend();
            Assert.Empty(await LeftAsync(prefix));
            return requests;
        });
    }

    [Theory]
    [InlineData(BucketFault.Broken, Small, BackupTargetFault.Unreachable)]
    [InlineData(BucketFault.Broken, Large, BackupTargetFault.Unreachable)]
    [InlineData(BucketFault.AnswerLost, Large, BackupTargetFault.Unreachable)]
    [InlineData(BucketFault.Failing, Large, BackupTargetFault.Unreachable)]
    [InlineData(BucketFault.Full, Small, BackupTargetFault.Full)]
    [InlineData(BucketFault.Full, Large, BackupTargetFault.Full)]
    public async Task A_bucket_that_fails_from_any_request_on_never_has_half_a_backup(BucketFault fault, int size, BackupTargetFault told)
    {
        var content = Content(size);
        await WalkAsync(async (number, faulty, prefix) =>
        {
            using var target = Target(retries: 0, at: faulty, prefix: prefix);
            faulty.Fail(fault, number);
            var (error, leftBehind) = await WriteAsync(target, content);
            var requests = faulty.Seen;
            faulty.Mend();
            Assert.True(error is not null || leftBehind is not null || requests < number || fault == BucketFault.Full, $"request {number}: nothing was said");
            Assert.True(error is null || error.Fault == told, $"request {number}: {error?.Fault}, {error?.Message}");
            if ((await target.ListAsync(CancellationToken.None)).Count > 0)
                Assert.Equal(content, await ReadAsync(target));
            else
                Assert.NotNull(error);
            var left = (await LeftAsync(prefix)).Where(item => item != $"{prefix}/{Name.FileName}").ToList();
            Assert.True(left.Count == 0 || leftBehind?.Contains($"fleet backup delete {Name}", StringComparison.Ordinal) == true, $"request {number}: {string.Join(", ", left)} is left, and what is said is {leftBehind}");

            // What is left goes by the command that was named, and the name is free.
            await target.DeleteAsync(Name, CancellationToken.None);
            Assert.Empty(await LeftAsync(prefix));
            return requests;
        });
    }

    [Theory]
    [InlineData(BucketFault.Broken)]
    [InlineData(BucketFault.Failing)]
    public async Task Listing_verifying_and_pruning_fail_with_a_name_or_not_at_all(BucketFault fault)
    {
        using var target = Target(retries: 0);
        await using (var upload = await target.BeginAsync(Name, CancellationToken.None))
        {
            using var writer = await ArchiveWriter.StartAsync(upload.Content, BackupStage.Secret, TimeProvider.System.GetUtcNow(), CancellationToken.None);
            await writer.WriteAsync(new("objects/a", PartContent.Objects), async stream => { await stream.WriteAsync(Content(3_000)); return 1; }, CancellationToken.None);
            await writer.CompleteAsync(new() { FleetVersion = "0.1.0" }, TimeProvider.System.GetUtcNow(), [], [], CancellationToken.None);
            await upload.CommitAsync(CancellationToken.None);
        }

        Func<Task>[] works = [() => target.ListAsync(CancellationToken.None), () => VerifyAsync(target), () => target.DeleteAsync(Name, CancellationToken.None)];
        foreach (var work in works)
        {
            for (var number = 1; ; number++)
            {
                faulty.Fail(fault, number);
                var error = await Record.ExceptionAsync(work);
                var requests = faulty.Seen;
                faulty.Mend();
                if (requests < number)
                {
                    Assert.Null(error);
                    break;
                }

                Assert.Equal(BackupTargetFault.Unreachable, Assert.IsType<BackupTargetException>(error).Fault);
            }
        }

        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task A_bucket_that_does_not_answer_or_stands_still_is_given_up()
    {
        // A real bucket on a busy machine may need more than the second that the silent one is given.
        using var target = Target(retries: 0, new() { Retries = 0, Answer = TimeSpan.FromSeconds(30), Bytes = TimeSpan.FromSeconds(1) });
        Assert.Null((await WriteAsync(target, Content(Small))).Error);
        faulty.Fail(BucketFault.Silent, 1);
        using var hasty = Target(retries: 0, new() { Retries = 0, Answer = TimeSpan.FromSeconds(1), Bytes = TimeSpan.FromSeconds(1) });
        var silent = await Assert.ThrowsAsync<BackupTargetException>(() => hasty.ListAsync(CancellationToken.None));
        Assert.Equal(BackupTargetFault.Unreachable, silent.Fault);
        Assert.Contains("did not answer within 1 s", silent.Message, StringComparison.Ordinal);
        faulty.Fail(BucketFault.Stalling, 1);
        var stalling = await Assert.ThrowsAsync<BackupTargetException>(() => ReadAsync(target));
        Assert.Contains("no bytes came for 1 s", stalling.Message, StringComparison.Ordinal);
        // Once is made up for: the reading goes on where it stood.
        faulty.Fail(BucketFault.Stalling, 1, 2);
        Assert.Equal(Content(Small), await ReadAsync(target));
    }

    /// <summary>From the first request on until a run needs none of that number. Side by side, each with a way and a prefix of its own: most of it is pauses between tries.</summary>
    /// <param name="attempt">Gives how many requests it has made.</param>
    private async Task WalkAsync(Func<int, FaultyBucket, string, Task<int>> attempt)
    {
        const int AtOnce = 8;
        for (var first = 1; ; first += AtOnce)
        {
            var ended = await Task.WhenAll(Enumerable.Range(first, AtOnce).Select(async number =>
            {
                await using var own = await FaultyBucket.StartAsync(ceph.Endpoint);
                return await attempt(number, own, $"fleet-{number:000}") < number;
            }));
            if (ended.Contains(true))
                return;
        }
    }

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    private static async Task<(BackupTargetException? Error, string? LeftBehind)> WriteAsync(BucketTarget target, byte[] content)
    {
        IBackupUpload? upload = null;
        try
        {
            upload = await target.BeginAsync(Name, CancellationToken.None);
            await upload.Content.WriteAsync(content);
            await upload.CommitAsync(CancellationToken.None);
            await upload.DisposeAsync();
            return (null, upload.LeftBehind);
        }
        catch (BackupTargetException e)
        {
            if (upload is not null)
                await upload.DisposeAsync();
            return (e, upload?.LeftBehind);
        }
    }

    private static async Task<byte[]> ReadAsync(BucketTarget target)
    {
        await using var stream = await target.OpenAsync(Name, CancellationToken.None);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task VerifyAsync(BucketTarget target)
    {
        await using var stream = await target.OpenAsync(Name, CancellationToken.None);
        using var archive = await ArchiveReader.OpenAsync(stream, BackupStage.Secret, CancellationToken.None);
        await archive.VerifyAsync(null, CancellationToken.None);
    }

    /// <summary>Objects and unfinished uploads, asked of the server itself.</summary>
    private async Task<IReadOnlyList<string>> LeftAsync(string prefix = "") =>
    [
        .. ((await s3.ListObjectsV2Async(new() { BucketName = bucket, Prefix = prefix })).S3Objects ?? []).Select(item => item.Key),
        .. ((await s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix })).MultipartUploads ?? []).Select(upload => $"upload of {upload.Key}"),
    ];

    private BucketTarget Target(int retries, BucketPatience? patience = null, FaultyBucket? at = null, string prefix = "fleet") => new(
        new((at ?? faulty).Endpoint, bucket) { Insecure = true, Region = "default", Prefix = prefix, Access = new(ceph.AccessKey, ceph.SecretKey) }, null, TimeProvider.System,
        patience ?? new() { Retries = retries, Answer = TimeSpan.FromSeconds(30) }) { PartBytes = Part };
}
