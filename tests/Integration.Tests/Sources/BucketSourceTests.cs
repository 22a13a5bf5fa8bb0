using Amazon.S3;
using Amazon.S3.Model;
using Fleet.Sources;
using Fleet.Sources.Buckets;
using Fleet.Testing.Servers;

namespace Fleet.Integration.Tests.Sources;

public class BucketSourceTests
{
    [Fact]
    public async Task Objects_of_a_real_bucket_become_an_artifact_page_by_page()
    {
        var ceph = await MiniCeph.SharedAsync();
        using var s3 = Client(ceph);
        await s3.PutBucketAsync("charts");
        foreach (var key in new[] { "apps/a.yaml", "apps/deep/b.yaml", "docs/c.md", "apps/", "apps/skip.txt", ".sourceignore" })
            await PutAsync(s3, key, key == ".sourceignore" ? "*.txt\n*.md" : key);
        using var host = new SourcesHost();
        var artifact = await host.Sources.FetchAsync(Source(ceph), CancellationToken.None);
        Assert.Equal([".sourceignore", "apps/a.yaml", "apps/deep/b.yaml"], SourcesHost.FilesOf(artifact));
        Assert.StartsWith("sha256:", artifact.Revision, StringComparison.Ordinal);

        host.Restart();
        Assert.Equal(artifact, await host.Sources.FetchAsync(Source(ceph), CancellationToken.None));
        await PutAsync(s3, "apps/a.yaml", "changed");
        var changed = await host.Sources.FetchAsync(Source(ceph), CancellationToken.None);
        Assert.NotEqual(artifact.Revision, changed.Revision);
        Assert.Equal("changed", await File.ReadAllTextAsync(Path.Combine(changed.Folder, "apps", "a.yaml")));
        Assert.Equal(["apps/deep/b.yaml"], SourcesHost.FilesOf(await host.Sources.FetchAsync(Source(ceph) with { Prefix = "apps/deep" }, CancellationToken.None)));

        await PutAsync(s3, "../evil", "x");
        var refused = await FailsAsync(host, Source(ceph));
        Assert.Equal(SourceErrorKind.Refused, refused.Kind);
        await s3.DeleteObjectAsync("charts", "../evil");
        await Parallel.ForAsync(0, 1100, async (i, ct) => await PutAsync(s3, $"many/{i}", "x"));
        // Nothing promises how long a thousand objects take while other tests have the processors.
        var many = Source(ceph) with { Prefix = "many/", Timeout = TimeSpan.FromMinutes(5) };
        Assert.Equal(1100, SourcesHost.FilesOf(await host.Sources.FetchAsync(many, CancellationToken.None)).Count());

        await PutAsync(s3, "many/7/below/it", "x");
        refused = await FailsAsync(host, many);
        Assert.Equal(SourceErrorKind.Refused, refused.Kind);
        Assert.Contains("\"many/7/below/it\" is below a file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_keys_an_absent_bucket_and_a_server_that_is_away_are_told_apart()
    {
        var ceph = await MiniCeph.SharedAsync();
        // A bucket that is there but not for everybody.
        using (var s3 = Client(ceph))
            await s3.PutBucketAsync("charts");
        using var host = new SourcesHost();
        var wrong = await FailsAsync(host, Source(ceph) with { Access = new(ceph.AccessKey, "wrong-secret-key-of-nobody") });
        Assert.Equal(SourceErrorKind.AuthenticationFailed, wrong.Kind);
        Assert.DoesNotContain("wrong-secret-key", wrong.ToString(), StringComparison.Ordinal);
        Assert.Equal(SourceErrorKind.NotFound, (await FailsAsync(host, Source(ceph) with { Bucket = "no-such-bucket" })).Kind);
        Assert.Equal(SourceErrorKind.AuthenticationFailed, (await FailsAsync(host, Source(ceph) with { Access = null })).Kind);
        var away = await FailsAsync(host, Source(ceph) with { Endpoint = $"127.0.0.1:{Testing.Processes.FreePort.Next()}" });
        Assert.True(away.IsTransient, away.Message);
        Assert.Equal(SourceErrorKind.Invalid, (await FailsAsync(host, Source(ceph) with { Endpoint = "user:pw@host/path" })).Kind);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("[fd00:ec2::254]:80")]
    public async Task A_bucket_is_at_no_metadata_service(string endpoint)
    {
        using var host = new SourcesHost();
        var refused = await FailsAsync(host, new(endpoint, "charts") { Insecure = true, Access = new("key", "secret") });
        Assert.Contains("link-local or a metadata service", refused.ToString(), StringComparison.Ordinal);
    }

    private static BucketSource Source(MiniCeph ceph) => new(ceph.Endpoint, "charts") { Insecure = true, Region = "default", Access = new(ceph.AccessKey, ceph.SecretKey) };

    private static Task<SourceException> FailsAsync(SourcesHost host, BucketSource source) =>
        Assert.ThrowsAsync<SourceException>(() => host.Sources.FetchAsync(source, CancellationToken.None));

    private static Task PutAsync(AmazonS3Client s3, string key, string content) =>
        s3.PutObjectAsync(new PutObjectRequest { BucketName = "charts", Key = key, ContentBody = content });

    private static AmazonS3Client Client(MiniCeph ceph) => new(ceph.AccessKey, ceph.SecretKey, new AmazonS3Config
    {
        ServiceURL = "http://" + ceph.Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = "default",
        RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
    });
}
