using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Fleet.Kubernetes.Core;
using Fleet.Sources.Artifacts;

namespace Fleet.Sources.Buckets;

/// <summary>
/// Artifacts from S3 buckets. The revision is the digest of keys and ETags, as flux makes it: a bucket in which nothing has changed costs a listing and no
/// download.
/// </summary>
internal sealed class BucketFetcher(SourcesOptions options, ArtifactStore store, TimeProvider time)
{
    /// <summary>Small files are mostly waiting for the answer: a thousand of them one after another would not come in a minute.</summary>
    private const int AtOnce = 8;

    public async Task<Artifact> FetchAsync(BucketSource source, CancellationToken ct)
    {
        var shown = $"bucket {source.Bucket} at {source.Endpoint}";
        var limit = source.Timeout ?? options.Timeout;
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var client = BucketClients.Create(source);
            return await FetchAsync(client, source, shown, either.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new SourceException(SourceErrorKind.Timeout, $"{shown}: the fetch did not end within {limit.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (BucketErrors.Of(e, shown) is { } known)
        {
            throw known;
        }
        catch (InvalidDataException e)
        {
            throw new SourceException(SourceErrorKind.Refused, $"{shown}: the artifact is refused: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new SourceException(SourceErrorKind.DiskFull, $"{shown}: the artifact cannot be written: {e.Message}", e);
        }
    }

    private async Task<Artifact> FetchAsync(AmazonS3Client client, BucketSource source, string shown, CancellationToken ct)
    {
        var listed = await ListAsync(client, source, ct);
        var rules = IgnoreRules.Of(await OwnRulesAsync(client, source, listed, ct), source.Ignore);
        var wanted = listed.Where(entry => rules.Keeps(entry.Path)).OrderBy(entry => entry.Path, StringComparer.Ordinal).ToList();
        var budget = new FileBudget(options.Limits);
        foreach (var entry in wanted) budget.Take(entry.Path, entry.Size);
        var index = string.Concat(wanted.Select(entry => $"{entry.Key} {entry.ETag}\n"));
        var revision = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(index)));
        var access = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source.Access is { } a ? $"{a.AccessKey}\0{a.SecretKey}" : "")));
        var name = new ArtifactName(string.Join('\n', "bucket", source.Endpoint, source.Bucket, source.Prefix, access), revision, shown);
        if (await store.FindAsync(name.Source, name.Revision, ct) is { } known) return known;

        using var work = store.NewWork();
        var content = work.Make("content");
        RequireFolders(wanted);
        await Parallel.ForEachAsync(
            wanted, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (entry, each) => await DownloadAsync(client, source, entry, content, each));
        return await store.PublishAsync(name.Source, name.Revision, content, ct);
    }

    private async Task<List<BucketEntry>> ListAsync(AmazonS3Client client, BucketSource source, CancellationToken ct)
    {
        var entries = new List<BucketEntry>();
        var request = new ListObjectsV2Request { BucketName = source.Bucket, Prefix = source.Prefix is { Length: > 0 } prefix ? prefix : null };
        do
        {
            var page = await client.ListObjectsV2Async(request, ct);
            // An object whose key ends with / stands for a folder.
            foreach (var entry in (page.S3Objects ?? []).Where(entry => !entry.Key.EndsWith('/')))
                entries.Add(new(entry.Key, ArtifactPath.Of(entry.Key), entry.ETag, entry.Size ?? 0));
            // Ignored objects are listed too, but a bucket of millions is not a source.
            if (entries.Count > options.Limits.MaxFiles * 5) throw new InvalidDataException($"The bucket has more than {options.Limits.MaxFiles * 5} objects; use spec.prefix.");
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is { Length: > 0 });
        return entries;
    }

    private async Task<IReadOnlyList<(string, string)>> OwnRulesAsync(AmazonS3Client client, BucketSource source, List<BucketEntry> listed, CancellationToken ct)
    {
        if (listed.Find(entry => entry.Path == IgnoreRules.FileName) is not { } entry) return [];
        using var work = store.NewWork();
        new FileBudget(options.Limits with { MaxFileBytes = 1024 * 1024 }).Take(entry.Path, entry.Size);
        await DownloadAsync(client, source, entry, work.Path, ct);
        return [("", await File.ReadAllTextAsync(Path.Combine(work.Path, IgnoreRules.FileName), ct))];
    }

    /// <summary>A bucket may have an object below the name of another; a folder cannot.</summary>
    private static void RequireFolders(List<BucketEntry> wanted)
    {
        var files = wanted.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in wanted)
            for (var parent = Path.GetDirectoryName(entry.Path); parent is { Length: > 0 }; parent = Path.GetDirectoryName(parent))
                if (files.Contains(parent)) throw new InvalidDataException($"\"{ArtifactPath.Shown(entry.Key)}\" is below a file.");
    }

    private static async Task DownloadAsync(AmazonS3Client client, BucketSource source, BucketEntry entry, string folder, CancellationToken ct)
    {
        // The version that was listed, or none: a revision never mixes two states.
        var request = new GetObjectRequest { BucketName = source.Bucket, Key = entry.Key, EtagToMatch = entry.ETag };
        using var response = await client.GetObjectAsync(request, ct);
        if (response.ContentLength != entry.Size) throw new InvalidDataException($"\"{ArtifactPath.Shown(entry.Key)}\" changed while it was read.");
        var file = Path.Combine(folder, entry.Path);
        if (Path.GetDirectoryName(file) is { } parent) Directory.CreateDirectory(parent);
        await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await using var bounded = new BoundedStream(response.ResponseStream, entry.Size);
        await bounded.CopyToAsync(target, ct);
    }

    private sealed record BucketEntry(string Key, string Path, string ETag, long Size);
}
