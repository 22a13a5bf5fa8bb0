using System.Net;
using System.Net.Http.Headers;

namespace Fleet.Api.Tests.Tenants;

/// <summary>Whoever is not known goes through every call, with bodies that no parser should see.</summary>
public sealed class StrangerWalkTests(StrangerWalkTests.Fleet fleet) : IClassFixture<StrangerWalkTests.Fleet>
{
    /// <summary>For people who want to become known, and for browsers: they look at no body.</summary>
    private const string SignIn = "/api/v1/auth/";

    private static readonly string?[] Tokens = [null, "nonsense", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzeXN0ZW06YWRtaW4iLCJncm91cHMiOlsic3lzdGVtOm1hc3RlcnMiXX0."];

    [Fact]
    public async Task Nobody_unknown_is_let_in_and_no_body_of_theirs_is_looked_at()
    {
        var routes = await ApiRoutes.AllAsync(fleet.Host);
        await WalkIsWholeAsync(routes);
        var wrong = new List<string>();
        foreach (var route in routes)
            foreach (var token in Tokens)
            {
                using var body = route.IsRead ? null : new UnaskedBody(route);
                using var answer = await AskAsync(fleet.Host.Caller(token), route, body);
                var what = $"{route} with {token ?? "nothing"}: {(int)answer.StatusCode}";
                if (!route.Path.StartsWith(SignIn, StringComparison.Ordinal) && answer.StatusCode != HttpStatusCode.Unauthorized)
                    wrong.Add(what);
                if (body is { WasAsked: true })
                    wrong.Add($"{what}, and the body was read first");
                wrong.AddRange(Headers(answer, what));
            }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_body_beyond_all_bounds_is_not_even_asked_for()
    {
        var administrator = await fleet.Host.AdminAsync();
        var wrong = new List<string>();
        foreach (var route in (await ApiRoutes.AllAsync(fleet.Host)).Where(route => !route.IsRead))
        {
            using var body = new UnaskedBody(route);
            using var answer = await AskAsync(administrator, route, body);
            if (body.WasAsked || answer.IsSuccessStatusCode || (int)answer.StatusCode >= 500)
                wrong.Add($"{route}: {(int)answer.StatusCode} {(body.WasAsked ? "and was read" : "")} {await answer.Content.ReadAsStringAsync()}");
            wrong.AddRange(Headers(answer, route.ToString()));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_kind_of_answer_tells_browsers_to_make_nothing_of_it()
    {
        var administrator = await fleet.Host.AdminAsync();
        var wrong = new List<string>();
        foreach (var (path, status) in ((string, int)[])[
            ("/openapi/v1.json", 200), ("/api/v1/clusters", 200), ("/api/v1/clusters?limit=x", 400), ("/api/v1/clusters/default/none", 404), ("/api/v1/nothing", 404), ("/nothing", 404), ("/metrics", 200),
            ("/api/v1/auth/config", 200), ("/api/v1/auth/login", 404), ("/allocation?window=2d", 200), ("/allocation?window=x", 400), ("/api/v1/costs/showback?by=cluster&format=html", 200)])
        {
            using var answer = await administrator.GetAsync(new Uri(path, UriKind.Relative));
            if ((int)answer.StatusCode != status)
                wrong.Add($"{path}: {(int)answer.StatusCode} instead of {status}");
            wrong.AddRange(Headers(answer, path));
        }

        using (var wrongMethod = await administrator.DeleteAsync(new Uri("/openapi/v1.json", UriKind.Relative)))
            wrong.AddRange(Headers(wrongMethod, "DELETE of the document"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Impersonation_is_refused_and_not_passed_over()
    {
        var administrator = await fleet.Host.AdminAsync();
        var wrong = new List<string>();
        foreach (var route in (await ApiRoutes.AllAsync(fleet.Host)).Where(route => !route.Path.StartsWith(SignIn, StringComparison.Ordinal) && !IsOfClusters(route)))
            foreach (var (name, value) in ((string, string)[])[("Impersonate-User", "nobody"), ("impersonate-group", "system:masters"), ("Impersonate-Uid", "1"), ("IMPERSONATE-EXTRA-scopes", "all")])
            {
                using var answer = await AskAsync(administrator, route, null, (name, value));
                if (answer.StatusCode != HttpStatusCode.BadRequest || !(await answer.Content.ReadAsStringAsync()).Contains("impersonation", StringComparison.Ordinal))
                    wrong.Add($"{route} with {name}: {(int)answer.StatusCode}");
            }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>What a whole fleet serves is in the reference; a call that is there and that nobody walks would be a hole.</summary>
    private static async Task WalkIsWholeAsync(IReadOnlyList<ApiRoute> routes)
    {
        var page = await File.ReadAllLinesAsync(Path.Combine(Testing.TestLogs.RepositoryRoot, "docs", "reference", "rest.md"));
        var documented = page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToHashSet();
        Assert.NotEmpty(documented);
        Assert.Equal([], documented.Except(routes.Select(route => route.ToString())));
    }

    /// <summary>Clusters send there with tokens of their own.</summary>
    private static bool IsOfClusters(ApiRoute route) => route.Path is "/api/v1/looks" || route.Path.StartsWith("/v1/", StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> AskAsync(HttpClient caller, ApiRoute route, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(route.Method), new Uri(route.Fill("default", "nobody", "0af7651916cd43dd8448eb211c80319c"), UriKind.Relative)) { Content = body };
        request.Headers.ExpectContinue = body is not null;
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            return await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException) when (body is UnaskedBody { WasAsked: true })
        {
            return new(HttpStatusCode.Continue);
        }
    }

    private static IEnumerable<string> Headers(HttpResponseMessage answer, string what)
    {
        string Said(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join("; ", values) : "";
        foreach (var (name, wanted) in ((string, string)[])[("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin")])
            if (Said(name) != wanted)
                yield return $"{what} ({(int)answer.StatusCode}): {name} is \"{Said(name)}\"";
        if (Said("Content-Security-Policy") is var policy && !(policy.StartsWith("default-src 'none'", StringComparison.Ordinal) && policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal) && !policy.Contains("script-src", StringComparison.Ordinal)))
            yield return $"{what} ({(int)answer.StatusCode}): the policy is \"{policy}\"";
    }

    /// <summary>A body of a terabyte that is only sent when the server says that it wants it.</summary>
    private sealed class UnaskedBody : HttpContent
    {
        public UnaskedBody(ApiRoute route)
        {
            Headers.ContentType = new MediaTypeHeaderValue(
                route.Path.StartsWith("/v1/", StringComparison.Ordinal) ? "application/x-protobuf" : route.Method == "PATCH" ? "application/merge-patch+json" : "application/json");
            if (route.Path == "/api/v1/looks")
                Headers.ContentEncoding.Add("gzip");
        }

        public bool WasAsked { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasAsked = true;
            throw new IOException("the body was asked for");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1L << 40;
            return true;
        }
    }

    /// <summary>All of the API, for all of these tests.</summary>
    public sealed class Fleet : IAsyncLifetime
    {
        internal ApiHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await ApiHost.WithEverythingAsync(
            await Testing.ApiServers.ApiServers.SharedAsync("embedded"), await (await Testing.Servers.PrivatePostgres.SharedAsync()).NewDatabaseAsync(),
            new() { RequestsPerSecond = 1_000_000, Burst = 1_000_000, AddressBurst = 1_000_000 });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
