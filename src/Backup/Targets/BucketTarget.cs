using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Fleet.Sources;
using Fleet.Sources.Buckets;

namespace Fleet.Backup.Targets;

/// <summary>How backups in a bucket are protected from being deleted.</summary>
/// <param name="Mode">GOVERNANCE or COMPLIANCE; the bucket must have been made with object lock.</param>
public sealed record ObjectLock(string Mode, TimeSpan Duration);

/// <summary>How long a bucket is waited for.</summary>
public sealed record BucketPatience
{
    /// <summary>Of a request that failed, with growing pauses.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>For one answer, in which a part of 16 MiB goes up.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>For the next bytes of a backup that is read.</summary>
    public TimeSpan Bytes { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Backups in an S3 bucket. Small ones are one conditional PUT. Large ones are uploaded in parts behind a claim, a conditional object of its own, because not every
/// server honours the condition when an upload is completed: two writers of one name never overwrite each other.
/// </summary>
public sealed class BucketTarget : IBackupTarget, IDisposable
{
    private const string ClaimSuffix = ".claim";

    /// <summary>Which writer an object is of: an answer that was lost makes the second try look like somebody else's.</summary>
    private const string WriterMark = "x-amz-meta-fleet-writer";

    private readonly AmazonS3Client client;
    private readonly string bucket;
    private readonly string prefix;

    /// <exception cref="BackupTargetException">The endpoint is none.</exception>
    public BucketTarget(BucketSource source, ObjectLock? objectLock, TimeProvider clock, BucketPatience? patience = null)
    {
        Patience = patience ?? new();
        try
        {
            client = BucketClients.Create(source, Patience.Retries, Patience.Answer);
        }
        catch (SourceException e)
        {
            throw new BackupTargetException(BackupTargetFault.Invalid, e.Message, e);
        }

        bucket = source.Bucket;
        prefix = source.Prefix is { Length: > 0 } given ? given.TrimEnd('/') + "/" : "";
        Lock = objectLock;
        Clock = clock;
        Shown = $"bucket {bucket}{(prefix.Length > 0 ? "/" + prefix.TrimEnd('/') : "")} at {source.Endpoint}";
    }

    public string Shown { get; }

    internal ObjectLock? Lock { get; }

    internal TimeProvider Clock { get; }

    internal BucketPatience Patience { get; }

    /// <summary>10,000 parts are the most: 160 GB.</summary>
    internal int PartBytes { get; init; } = BucketUpload.PartBytes;

    public Task<IReadOnlyList<StoredBackup>> ListAsync(CancellationToken ct) => CallAsync(async () =>
    {
        var found = new List<StoredBackup>();
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix.Length > 0 ? prefix : null, Delimiter = "/" };
        do
        {
            var page = await client.ListObjectsV2Async(request, ct);
            foreach (var entry in page.S3Objects ?? [])
            {
                if (BackupName.TryParseFile(entry.Key[prefix.Length..], out var name))
                    found.Add(new(name, entry.Size ?? 0, new(entry.LastModified?.ToUniversalTime() ?? default, TimeSpan.Zero)));
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is { Length: > 0 });
        return (IReadOnlyList<StoredBackup>)[.. found.OrderByDescending(backup => backup.WrittenAt).ThenByDescending(backup => backup.Name.Text, StringComparer.Ordinal)];
    }, ct);

    public async Task<IBackupUpload> BeginAsync(BackupName name, CancellationToken ct)
    {
        if (await CallAsync(() => ExistsAsync(KeyOf(name), ct), ct))
            throw Taken(name);
        return new BucketUpload(this, name);
    }

    public Task<Stream> OpenAsync(BackupName name, CancellationToken ct) => CallAsync(async () =>
    {
        try
        {
            var head = await client.GetObjectMetadataAsync(bucket, KeyOf(name), ct);
            return (Stream)new BucketStream(this, name, KeyOf(name), head.ETag, head.ContentLength);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw new BackupTargetException(BackupTargetFault.NotFound, $"There is no backup {name} in {Shown}.", e);
        }
    }, ct);

    public Task<bool> DeleteAsync(BackupName name, CancellationToken ct) => CallAsync(async () =>
    {
        var there = await ExistsAsync(KeyOf(name), ct);
        await client.DeleteObjectAsync(bucket, KeyOf(name), ct);
        // Also what a writer that died has left: parts, which cost money and are in no list, and his claim.
        foreach (var upload in await UnfinishedAsync(name, ct))
            await client.AbortMultipartUploadAsync(bucket, KeyOf(name), upload, ct);
        await client.DeleteObjectAsync(bucket, KeyOf(name) + ClaimSuffix, ct);
        return there;
    }, ct);

    public void Dispose() => client.Dispose();

    internal BackupTargetException Taken(BackupName name, Exception? inner = null) =>
        new(BackupTargetFault.Taken, $"There is a backup {name} in {Shown} already, or one is being written; it is not overwritten. What a writer that died has left goes with `fleet backup delete {name}`.", inner);

    internal async Task PutAsync(BackupName name, MemoryStream content, string writer, CancellationToken ct)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket, Key = KeyOf(name), InputStream = content, AutoCloseStream = false, UseChunkEncoding = false, IfNoneMatch = "*", ContentType = "application/octet-stream",
        };
        request.Metadata[WriterMark] = writer;
        if (Lock is not null)
        {
            request.MD5Digest = BucketUpload.Md5(content);
            request.ObjectLockMode = new(Lock.Mode);
            request.ObjectLockRetainUntilDate = Clock.GetUtcNow().Add(Lock.Duration).UtcDateTime;
        }

        await OnceAsync(() => client.PutObjectAsync(request, ct), name, KeyOf(name), writer, ct);
    }

    /// <summary>Takes the name for one writer, until <see cref="ReleaseAsync"/>; nobody has it who has not seen that there is no backup of it.</summary>
    internal async Task ClaimAsync(BackupName name, string writer, CancellationToken ct)
    {
        var claim = new PutObjectRequest { BucketName = bucket, Key = KeyOf(name) + ClaimSuffix, ContentBody = "", UseChunkEncoding = false, IfNoneMatch = "*" };
        claim.Metadata[WriterMark] = writer;
        await OnceAsync(() => client.PutObjectAsync(claim, ct), name, claim.Key, writer, ct);
    }

    internal Task<bool> IsThereAsync(BackupName name, CancellationToken ct) => CallAsync(() => ExistsAsync(KeyOf(name), ct), ct);

    internal Task ReleaseAsync(BackupName name) => CallAsync(async () => await client.DeleteObjectAsync(bucket, KeyOf(name) + ClaimSuffix, CancellationToken.None), CancellationToken.None);

    internal Task<string> InitiateAsync(BackupName name, string writer, CancellationToken ct) => CallAsync(async () =>
    {
        var request = new InitiateMultipartUploadRequest { BucketName = bucket, Key = KeyOf(name), ContentType = "application/octet-stream" };
        request.Metadata[WriterMark] = writer;
        if (Lock is not null)
        {
            request.ObjectLockMode = new(Lock.Mode);
            request.ObjectLockRetainUntilDate = Clock.GetUtcNow().Add(Lock.Duration).UtcDateTime;
        }

        return (await client.InitiateMultipartUploadAsync(request, ct)).UploadId;
    }, ct);

    internal Task<string> UploadPartAsync(BackupName name, string upload, int number, MemoryStream content, CancellationToken ct) => CallAsync(async () =>
    {
        var request = new UploadPartRequest
        {
            BucketName = bucket, Key = KeyOf(name), UploadId = upload, PartNumber = number, InputStream = content, PartSize = content.Length, UseChunkEncoding = false,
        };
        if (Lock is not null)
            request.MD5Digest = BucketUpload.Md5(content);
        return (await client.UploadPartAsync(request, ct)).ETag;
    }, ct);

    internal async Task CompleteAsync(BackupName name, string upload, IReadOnlyList<string> parts, string writer, CancellationToken ct)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = bucket, Key = KeyOf(name), UploadId = upload, IfNoneMatch = "*" };
        request.AddPartETags(parts.Select((tag, index) => new PartETag(index + 1, tag)));
        await OnceAsync(() => client.CompleteMultipartUploadAsync(request, ct), name, KeyOf(name), writer, ct);
        if (Lock is null)
            return;
        // Not every server takes over the lock that the upload began with.
        var retention = new PutObjectRetentionRequest
        {
            BucketName = bucket, Key = KeyOf(name),
            Retention = new() { Mode = new(Lock.Mode), RetainUntilDate = Clock.GetUtcNow().Add(Lock.Duration).UtcDateTime },
        };
        await CallAsync(async () => await client.PutObjectRetentionAsync(retention, ct), ct);
    }

    internal Task AbortAsync(BackupName name) => CallAsync(async () =>
    {
        // Not by its id alone: the answer that named it may be what was lost.
        foreach (var upload in await UnfinishedAsync(name, CancellationToken.None))
            await client.AbortMultipartUploadAsync(bucket, KeyOf(name), upload, CancellationToken.None);
        return true;
    }, CancellationToken.None);

    internal Task<GetObjectResponse> ReadFromAsync(string key, string etag, long position, CancellationToken ct) => CallAsync(() => client.GetObjectAsync(
        new GetObjectRequest { BucketName = bucket, Key = key, EtagToMatch = etag, ByteRange = new ByteRange(position, long.MaxValue) }, ct), ct);

    private string KeyOf(BackupName name) => prefix + name.FileName;

    private async Task<bool> ExistsAsync(string key, CancellationToken ct)
    {
        try
        {
            await client.GetObjectMetadataAsync(bucket, key, ct);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<string>> UnfinishedAsync(BackupName name, CancellationToken ct)
    {
        var found = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket, Prefix = KeyOf(name) }, ct);
        return [.. (found.MultipartUploads ?? []).Where(upload => upload.Key == KeyOf(name)).Select(upload => upload.UploadId)];
    }

    /// <summary>A write that may be made once. When the server says that the name is taken, or the upload gone, it may have been taken by the try before, whose answer was lost.</summary>
    private Task OnceAsync<T>(Func<Task<T>> write, BackupName name, string key, string writer, CancellationToken ct) => CallAsync(async () =>
    {
        try
        {
            await write();
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict || e.ErrorCode == "NoSuchUpload")
        {
            if (await WriterOfAsync(key, ct) != writer)
                throw e.ErrorCode == "NoSuchUpload" ? new BackupTargetException(BackupTargetFault.Refused, $"{Shown}: the upload of {name} was ended by somebody else.", e) : Taken(name, e);
        }

        return true;
    }, ct);

    private async Task<string?> WriterOfAsync(string key, CancellationToken ct)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(bucket, key, ct)).Metadata[WriterMark];
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception e)
        {
            var fault = FaultOf(e);
            throw new BackupTargetException(fault, $"{Shown}{(fault == BackupTargetFault.Full ? " is full" : "")}: the server answers {(int)e.StatusCode} {e.ErrorCode}.{HintOf(e)}", e);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && (IsTimeout(e) || IsTimeout(e.InnerException)))
        {
            throw new BackupTargetException(BackupTargetFault.Unreachable, $"{Shown} did not answer within {Patience.Answer.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException)
        {
            throw new BackupTargetException(BackupTargetFault.Unreachable, $"{Shown} cannot be reached: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <summary>Answers to HEAD have no words: then only the status is known.</summary>
    private static string HintOf(AmazonS3Exception e) => e.ErrorCode switch
    {
        "RequestTimeTooSkewed" => " The clocks of this machine and of the server differ by more than it allows.",
        "Forbidden" => " The key lacks a right, or the clocks of this machine and of the server differ by more than it allows.",
        _ => "",
    };

    private static bool IsTimeout(Exception? e) => e is OperationCanceledException or TimeoutException;

    private static BackupTargetFault FaultOf(AmazonS3Exception e) => e.StatusCode switch
    {
        // Ceph answers 403, MinIO 400 or 507.
        _ when e.ErrorCode is "QuotaExceeded" or "XMinioAdminBucketQuotaExceeded" or "XMinioStorageFull" => BackupTargetFault.Full,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => BackupTargetFault.Refused,
        HttpStatusCode.NotFound => BackupTargetFault.NotFound,
        HttpStatusCode.InsufficientStorage => BackupTargetFault.Full,
        HttpStatusCode.BadRequest => BackupTargetFault.Invalid,
        _ => BackupTargetFault.Unreachable,
    };
}
