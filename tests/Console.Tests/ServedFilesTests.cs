using System.Net;
using System.Text.RegularExpressions;

namespace Fleet.Console.Tests;

/// <summary>How the product serves the console's files, without a browser.</summary>
public sealed partial class ServedFilesTests(ConsoleFleet fleet)
{
    [Fact]
    public async Task Pages_are_the_console_and_nothing_else_is()
    {
        using var http = Http();
        foreach (var page in (string[])["/", "/clusters", "/clusters/shop/web?tab=nodes", "/services", "/services/shop/web/apps/front", "/costs", "/budgets/a/b", "/recommendations", "/alerts", "/policies", "/explore/traces/1", "/settings"])
        {
            using var answer = await http.GetAsync(Path(page));
            Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Contains("<div id=\"root\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        foreach (var other in (string[])["/api", "/api/v1/nothing", "/api/v2", "/openapi/v2.json", "/metrics/more", "/allocation/more", "/assets", "/livez/more", "/assets/none.js", "/assets/../index.html.br", "/index.html.br", "/anything"])
        {
            using var answer = await http.GetAsync(Path(other));
            Assert.False(answer.IsSuccessStatusCode, other);
            Assert.DoesNotContain("<div id=\"root\">", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        foreach (var own in (string[])["/openapi/v1.json", "/metrics", "/livez"])
        {
            using var answer = await http.GetAsync(Path(own));
            Assert.NotEqual("text/html", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Hashed_files_are_kept_for_ever_and_the_page_is_asked_for_each_time()
    {
        using var http = Http();
        using var page = await http.GetAsync(Path("/"));
        Assert.Equal("no-cache", page.Headers.CacheControl?.ToString());
        var assets = Asset().Matches(await page.Content.ReadAsStringAsync()).Select(match => match.Value).ToList();
        Assert.True(assets.Count >= 2, "a script and a style");
        foreach (var asset in assets)
        {
            using var answer = await http.GetAsync(Path(asset));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
            Assert.Equal(asset.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/css", answer.Content.Headers.ContentType?.MediaType);
        }

        using var again = new HttpRequestMessage(HttpMethod.Get, Path("/clusters"));
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var same = await http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var head = await http.SendAsync(new(HttpMethod.Head, Path("/")));
        Assert.Equal(page.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
    }

    [Theory, InlineData("br"), InlineData("gzip")]
    public async Task Files_come_compressed_to_who_takes_it(string encoding)
    {
        using var http = Http();
        var script = Asset().Match(await http.GetStringAsync(Path("/"))).Value;
        var plain = await http.GetByteArrayAsync(Path(script));
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(script));
        request.Headers.AcceptEncoding.ParseAdd(encoding);
        using var answer = await http.SendAsync(request);
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length < plain.Length / 2);
        using var refused = new HttpRequestMessage(HttpMethod.Get, Path(script));
        refused.Headers.AcceptEncoding.ParseAdd($"{encoding};q=0");
        using var uncompressed = await http.SendAsync(refused);
        Assert.Empty(uncompressed.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Nothing_from_elsewhere_may_run_in_it_or_frame_it()
    {
        using var http = Http();
        foreach (var path in (string[])["/", "/favicon.svg", "/assets/none.js"])
        {
            using var answer = await http.GetAsync(Path(path));
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            foreach (var rule in (string[])["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
                Assert.Contains(rule, policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        }
    }

    private HttpClient Http()
    {
        fleet.SkipWithoutParts();
        return new() { BaseAddress = fleet.Address };
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);

    [GeneratedRegex(@"/assets/[\w.-]+\.(js|css)")]
    private static partial Regex Asset();
}
