using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace Fleet.Sources.Buckets;

/// <summary>Puts files into buckets. An object is replaced as a whole: who reads it sees the old one or the new one, however large it is.</summary>
public static class BucketWriter
{
    private const string DigestField = "x-amz-meta-sha256";

    /// <summary>False when the object is there already with this content, so that nothing was sent.</summary>
    /// <param name="target">Its prefix is part of the key already.</param>
    /// <param name="sha256">Of the file, in hex; kept with the object.</param>
    /// <exception cref="SourceException">It could not be done; what was there is there still.</exception>
    public static async Task<bool> PutAsync(BucketSource target, string key, string file, string sha256, string mediaType, CancellationToken ct)
    {
        var shown = $"bucket {target.Bucket} at {target.Endpoint}";
        var limit = target.Timeout ?? TimeSpan.FromMinutes(30);
        using var deadline = new CancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var client = BucketClients.Create(target);
            if (await DigestAsync(client, target.Bucket, key, either.Token) == sha256)
                return false;
            using var transfer = new TransferUtility(client);
            var request = new TransferUtilityUploadRequest { BucketName = target.Bucket, Key = key, FilePath = file, ContentType = mediaType };
            request.Metadata.Add(DigestField, sha256);
            await transfer.UploadAsync(request, either.Token);
            return true;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new SourceException(SourceErrorKind.Timeout, $"{shown}: the upload did not end within {limit.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (BucketErrors.Of(e, shown) is { } known)
        {
            throw known;
        }
    }

    private static async Task<string?> DigestAsync(AmazonS3Client client, string bucket, string key, CancellationToken ct)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = key }, ct)).Metadata[DigestField];
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
