using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace Fleet.Sources.Buckets;

/// <summary>What failures of a bucket mean. Messages never hold a secret.</summary>
internal static class BucketErrors
{
    /// <summary>Null for what is none of a bucket.</summary>
    public static SourceException? Of(Exception error, string shown) => error switch
    {
        AmazonS3Exception e => new(KindOf(e), $"{shown}: the server answers {(int)e.StatusCode} {e.ErrorCode}.", e),
        AmazonClientException or AmazonServiceException or HttpRequestException => new(SourceErrorKind.Unreachable, $"{shown} cannot be reached: {(error.InnerException ?? error).Message}", error),
        _ => null,
    };

    private static SourceErrorKind KindOf(AmazonS3Exception e) => e.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => SourceErrorKind.AuthenticationFailed,
        HttpStatusCode.NotFound => SourceErrorKind.NotFound,
        _ => SourceErrorKind.Unreachable,
    };
}
