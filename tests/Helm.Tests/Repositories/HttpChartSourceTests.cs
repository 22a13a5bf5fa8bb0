using System.Security.Cryptography;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Helm.Tests.Charts;
using Fleet.Helm.Tests.Processes;
using Microsoft.AspNetCore.Http;

namespace Fleet.Helm.Tests.Repositories;

public sealed class HttpChartSourceTests : IDisposable
{
    private static readonly byte[] Chart = ChartBytes.Demo();
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Chart));

    private readonly HelmParts _parts = new(o => o with { IndexFreshFor = TimeSpan.Zero, MaxChartBytes = 100_000, MaxIndexBytes = 100_000 });

    private IChartRepositories Charts => _parts.Get<IChartRepositories>();

    [Fact]
    public async Task The_index_is_asked_conditionally_and_the_chart_once()
    {
        await using var server = await ServeAsync();
        var first = await PullAsync(server, "^1");
        var second = await PullAsync(server, "1.2.3");
        Assert.Equal((Digest, "demo", "1.2.3"), (first.Digest, first.Name, first.Version));
        Assert.Equal(first.Path, second.Path);
        Assert.Equal(1, server.Count("/demo-1.2.3.tgz"));
        Assert.Equal(2, server.Count("/index.yaml"));
    }

    [Theory]
    [InlineData("", "1.2.3")]
    [InlineData("~1", "1.2.3")]
    [InlineData("v1.1.0", "1.1.0")]
    [InlineData(">=1.0.0-0", "2.0.0-rc.1")]
    [InlineData("2.0.0-rc.1", "2.0.0-rc.1")]
    public async Task The_version_is_chosen_as_helm_does(string wanted, string expected)
    {
        await using var server = await ServeAsync();
        var entries = await _parts.Get<HttpChartSource>().EntriesAsync(new RepositorySource(server.Url), "demo", CancellationToken.None);
        Assert.Equal(["2.0.0-rc.1", "1.2.3", "1.1.0"], entries.Select(e => e.Version));
        // Only 1.2.3 has an archive; the others fail with their own version in the message.
        if (expected == "1.2.3") Assert.Equal(expected, (await PullAsync(server, wanted)).Version);
        else Assert.Contains($"demo {expected} ", (await FailsAsync(server, wanted)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", "^9", "no version that matches \"^9\"")]
    [InlineData("demo", "latest", "neither a version nor a range")]
    [InlineData("nope", "", "has no chart \"nope\"")]
    public async Task What_is_not_there_is_named(string chart, string version, string words)
    {
        await using var server = await ServeAsync();
        var e = await Assert.ThrowsAsync<HelmException>(() => Charts.PullAsync(new ChartReference(new RepositorySource(server.Url), chart, version), CancellationToken.None));
        Assert.Equal(HelmErrorKind.ChartNotFound, e.Kind);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, HelmErrorKind.AuthenticationFailed)]
    [InlineData(403, HelmErrorKind.AuthenticationFailed)]
    [InlineData(404, HelmErrorKind.RepositoryUnreachable)]
    [InlineData(503, HelmErrorKind.RepositoryUnreachable)]
    public async Task A_failed_index_gives_its_kind_without_the_body(int status, HelmErrorKind expected)
    {
        await using var server = await FakeRepository.StartAsync(c =>
        {
            c.Response.StatusCode = status;
            return c.Response.WriteAsync("the server's own words");
        });
        var e = await FailsAsync(server, "");
        Assert.Equal(expected, e.Kind);
        Assert.DoesNotContain("own words", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_sent_to_the_repository_only()
    {
        await using var other = await FakeRepository.StartAsync(c => c.Response.Body.WriteAsync(Chart).AsTask());
        await using var server = await ServeAsync(chartUrl: other.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/demo.tgz");
        var repository = new RepositorySource(server.Url) { Credentials = new RepositoryCredentials("ann", "secret-word") };
        await Charts.PullAsync(new ChartReference(repository, "demo", "1.2.3"), CancellationToken.None);
        Assert.All(server.Requests, r => Assert.StartsWith("Basic ", r.Authorization, StringComparison.Ordinal));
        Assert.Equal("", Assert.Single(other.Requests).Authorization);

        using var parts = new HelmParts();
        await parts.Get<IChartRepositories>().PullAsync(new ChartReference(repository with { PassCredentials = true }, "demo", "1.2.3"), CancellationToken.None);
        Assert.StartsWith("Basic ", other.Requests.Last().Authorization, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_to_another_host_carries_no_credentials_and_a_loop_ends()
    {
        await using var other = await ServeAsync();
        await using var server = await FakeRepository.StartAsync(c =>
        {
            c.Response.Redirect(other.Url + c.Request.Path);
            return Task.CompletedTask;
        });
        var repository = new RepositorySource(server.Url) { Credentials = new RepositoryCredentials("ann", "secret-word") };
        await Charts.VersionsAsync(repository, "demo", CancellationToken.None);
        Assert.Equal("", Assert.Single(other.Requests).Authorization);

        await using var loop = await FakeRepository.StartAsync(c =>
        {
            c.Response.Redirect("/again" + c.Request.Path);
            return Task.CompletedTask;
        });
        Assert.Contains("redirects more than", (await FailsAsync(loop, "")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[fd00:ec2::254]/latest/meta-data")]
    [InlineData("http://[::ffff:169.254.169.254]/latest")]
    [InlineData("oci://169.254.169.254/charts")]
    public async Task A_repository_is_at_no_metadata_service(string url) =>
        Refused(await Assert.ThrowsAsync<HelmException>(() => Charts.PullAsync(new ChartReference(new RepositorySource(url) { PlainHttp = true }, "demo", "1.2.3"), CancellationToken.None)));

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[fd00:ec2::254]/latest/meta-data")]
    public async Task An_index_leads_to_no_metadata_service(string chart)
    {
        await using var server = await ServeAsync(chartUrl: chart);
        Refused(await FailsAsync(server, "1.2.3"));
    }

    /// <summary>Of the index, and of the chart that it names.</summary>
    [Theory]
    [InlineData(301, "/index.yaml", "http://169.254.169.254/latest/meta-data")]
    [InlineData(302, "/index.yaml", "http://[fd00:ec2::254]/latest/meta-data")]
    [InlineData(307, "/index.yaml", "http://[fe80::1]/")]
    [InlineData(302, "/demo-1.2.3.tgz", "http://169.254.169.254/latest/meta-data")]
    [InlineData(308, "/demo-1.2.3.tgz", "http://100.100.100.200/")]
    public async Task A_redirect_leads_to_no_metadata_service(int code, string path, string location)
    {
        await using var good = await ServeAsync();
        await using var server = await FakeRepository.StartAsync(async context =>
        {
            if (context.Request.Path == path)
            {
                context.Response.StatusCode = code;
                context.Response.Headers.Location = location;
                return;
            }
            using var http = new HttpClient();
            await context.Response.WriteAsync(await http.GetStringAsync(good.Url + context.Request.Path));
        });
        Refused(await FailsAsync(server, "1.2.3"));
        Assert.Equal(1, server.Count(path));
    }

    [Fact]
    public async Task A_digest_that_does_not_match_is_refused_and_nothing_is_kept()
    {
        await using var server = await ServeAsync(digest: new string('a', 64));
        var e = await FailsAsync(server, "1.2.3");
        Assert.Equal(HelmErrorKind.ChartInvalid, e.Kind);
        Assert.Contains("promises", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_parts.Options.Folder, "charts"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_huge_chart_and_a_huge_index_are_refused()
    {
        await using var chart = await ServeAsync(chart: new byte[200_000]);
        Assert.Contains("larger than 100000", (await FailsAsync(chart, "1.2.3")).Message, StringComparison.Ordinal);
        await using var index = await FakeRepository.StartAsync(c => c.Response.WriteAsync(new string('x', 200_000)));
        Assert.Contains("larger than 100000", (await FailsAsync(index, "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_repository_ends_in_a_timeout()
    {
        using var parts = new HelmParts(o => o with { RepositoryTimeout = TimeSpan.FromMilliseconds(200) });
        await using var server = await FakeRepository.StartAsync(c => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c.RequestAborted));
        var e = await Assert.ThrowsAsync<HelmException>(() => parts.Get<IChartRepositories>().VersionsAsync(new RepositorySource(server.Url), "demo", CancellationToken.None));
        Assert.Equal(HelmErrorKind.Timeout, e.Kind);
    }

    [Fact]
    public async Task A_repository_that_is_down_is_unreachable()
    {
        var e = await Assert.ThrowsAsync<HelmException>(() => Charts.VersionsAsync(new RepositorySource("http://127.0.0.1:1/charts"), "demo", CancellationToken.None));
        Assert.Equal(HelmErrorKind.RepositoryUnreachable, e.Kind);
        Assert.True(e.IsTransient);
    }

    [Theory]
    [InlineData("https://ann:secret-word@charts.example.org")]
    [InlineData("oci://ann:secret-word@registry.example.org/charts")]
    public async Task Credentials_in_the_URL_are_refused_and_not_repeated(string url)
    {
        var e = await Assert.ThrowsAsync<HelmException>(() => Charts.PullAsync(new ChartReference(new RepositorySource(url), "demo", "1.0.0"), CancellationToken.None));
        Assert.DoesNotContain("secret-word", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_that_is_not_YAML_is_named()
    {
        await using var server = await FakeRepository.StartAsync(c => c.Response.WriteAsync("<html>"));
        Assert.Equal(HelmErrorKind.RepositoryUnreachable, (await FailsAsync(server, "")).Kind);
    }

    [Fact]
    public async Task Many_at_once_make_one_request()
    {
        using var parts = new HelmParts();
        await using var server = await ServeAsync();
        var reference = new ChartReference(new RepositorySource(server.Url), "demo", "1.2.3");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => parts.Get<IChartRepositories>().PullAsync(reference, CancellationToken.None)));
        Assert.Equal(1, server.Count("/index.yaml"));
    }

    [Fact]
    public async Task A_damaged_cache_file_is_fetched_again()
    {
        await using var server = await ServeAsync();
        var chart = await PullAsync(server, "1.2.3");
        await File.WriteAllBytesAsync(chart.Path, Chart[..^7], CancellationToken.None);
        Assert.Equal(Chart, await File.ReadAllBytesAsync((await PullAsync(server, "1.2.3")).Path, CancellationToken.None));
        Assert.Equal(2, server.Count("/demo-1.2.3.tgz"));
    }

    public void Dispose() => _parts.Dispose();

    private Task<Fleet.Helm.Charts.ChartArchive> PullAsync(FakeRepository server, string version) =>
        Charts.PullAsync(new ChartReference(new RepositorySource(server.Url), "demo", version), CancellationToken.None);

    private Task<HelmException> FailsAsync(FakeRepository server, string version) => Assert.ThrowsAsync<HelmException>(() => PullAsync(server, version));

    private static void Refused(HelmException e)
    {
        Assert.Equal(HelmErrorKind.RepositoryUnreachable, e.Kind);
        Assert.Contains("link-local or a metadata service", e.Message, StringComparison.Ordinal);
    }

    private static Task<FakeRepository> ServeAsync(string? digest = null, byte[]? chart = null, string chartUrl = "demo-1.2.3.tgz")
    {
        var index = $"""
            apiVersion: v1
            entries:
              demo:
              - version: 1.1.0
                urls: [demo-1.1.0.tgz]
              - version: 2.0.0-rc.1
                urls: [demo-2.0.0-rc.1.tgz]
              - version: 1.2.3
                digest: {digest ?? Digest}
                urls: ["{chartUrl}"]
              - version: not-a-version
            """;
        return FakeRepository.StartAsync(async context =>
        {
            if (context.Request.Path == "/index.yaml")
            {
                context.Response.Headers.ETag = "\"one\"";
                if (context.Request.Headers.IfNoneMatch == "\"one\"") context.Response.StatusCode = 304;
                else await context.Response.WriteAsync(index);
            }
            else if (context.Request.Path == "/demo-1.2.3.tgz")
            {
                await context.Response.Body.WriteAsync(chart ?? Chart);
            }
            else
            {
                context.Response.StatusCode = 404;
            }
        });
    }
}
