namespace Fleet.Sources.Buckets;

/// <summary>The objects of an S3 bucket, below a prefix.</summary>
public sealed record BucketSource(string Endpoint, string Bucket)
{
    public string? Prefix { get; init; }

    public string? Region { get; init; }

    /// <summary>Talk HTTP.</summary>
    public bool Insecure { get; init; }

    /// <summary>Null: the bucket is public.</summary>
    public BucketAccess? Access { get; init; }

    /// <summary>PEM; null: the system's.</summary>
    public string? CaBundle { get; init; }

    public string? Ignore { get; init; }

    public TimeSpan? Timeout { get; init; }
}

/// <summary>Never printed.</summary>
public sealed class BucketAccess(string accessKey, string secretKey)
{
    public string AccessKey { get; } = accessKey;

    public string SecretKey { get; } = secretKey;

    public override string ToString() => "BucketAccess(***)";
}
