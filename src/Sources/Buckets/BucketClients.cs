using Amazon.Runtime;
using Amazon.S3;

namespace Fleet.Sources.Buckets;

/// <summary>Clients of S3 servers, for one fetch or backup each. Never with credentials of the machine: whoever describes a bucket brings his own.</summary>
public static class BucketClients
{
    /// <summary>S3's own default.</summary>
    private const string DefaultRegion = "us-east-1";

    /// <exception cref="SourceException">The endpoint is none.</exception>
    public static AmazonS3Client Create(BucketSource source, int retries = 1, TimeSpan? timeout = null)
    {
        var address = (source.Insecure ? "http://" : "https://") + source.Endpoint;
        if (source.Endpoint.Length == 0 || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            throw new SourceException(SourceErrorKind.Invalid, $"spec.endpoint \"{source.Endpoint}\" must be a host with an optional port, for instance s3.example.org:9000.");
        var config = new AmazonS3Config
        {
            ServiceURL = address,
            AuthenticationRegion = source.Region is { Length: > 0 } region ? region : DefaultRegion,
            ForcePathStyle = true,
            MaxErrorRetry = retries,
            // Servers other than AWS know neither trailing checksums nor their headers.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new GuardedFactory(source.CaBundle),
        };
        if (timeout is not null)
            config.Timeout = timeout;
        AWSCredentials credentials = source.Access is { } access ? new BasicAWSCredentials(access.AccessKey, access.SecretKey) : new AnonymousAWSCredentials();
        return new(credentials, config);
    }

    /// <summary>Buckets are at no address that users may not name.</summary>
    private sealed class GuardedFactory(string? authority) : HttpClientFactory
    {
        private HttpClient? client;

        // One for all requests of its client: the SDK asks for it each time. Its connections end by themselves when they are idle.
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            if (client is null)
            {
                var made = new HttpClient(GuardedHandler.Create(authority));
                if (clientConfig.Timeout is { } limit)
                    made.Timeout = limit;
                if (Interlocked.CompareExchange(ref client, made, null) is not null)
                    made.Dispose();
            }
            return client;
        }

        // Every client has its own, with its own roots.
        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
