using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Fleet.Observability.Tests.Ingest;
using Fleet.Testing.Servers;

namespace Fleet.Observability.Tests.Query;

public sealed class VictoriaMetricsFixture : QueryFixture
{
    protected override async Task<MetricsStore?> StartStoreAsync() => await MetricsStore.StartVictoriaMetricsAsync();
}

public sealed class PrometheusFixture : QueryFixture
{
    protected override async Task<MetricsStore?> StartStoreAsync() => await MetricsStore.StartPrometheusAsync();
}

public sealed class VictoriaMetricsQueryTests(VictoriaMetricsFixture fixture) : PrometheusTests(fixture), IClassFixture<VictoriaMetricsFixture>;

public sealed class PrometheusQueryTests(PrometheusFixture fixture) : PrometheusTests(fixture), IClassFixture<PrometheusFixture>;

/// <summary>Prometheus' query API over a real store that has the series of two tenants: one never sees the other's, whatever it asks.</summary>
public abstract class PrometheusTests(QueryFixture fixture) : IAsyncLifetime
{
    private const string Root = "/api/v1/prometheus/api/v1";

    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Expressions that would find the other tenant's series, were they not scoped in every place.</summary>
    public static TheoryData<string> Adversarial =>
    [
        "up", "{__name__=\"up\"}", "{__name__=~\".+\"}", "{job=\"j\"}", "{clusterNamespace=\"team-b\"}", "up{clusterNamespace=~\"team-.*\"}", "up{clusterNamespace!=\"team-a\"}",
        "up or secret", "up{clusterNamespace=\"none\"} or secret", "secret", "sum by (clusterNamespace) (up)", "sum(up) by (clusterNamespace) or secret", "-secret", "secret ^ 1", "(((secret)))",
        "max_over_time(secret[10m])", "last_over_time(secret[10m:1m])", "secret offset 1s", "secret @ end()", "up # comment\nor secret", "up # \"\r or secret # \"", "up == bool 1 or secret",
        "up * on(job) group_right(secretly) secret", "up + on() group_left() count(secret)", "up unless ignoring(clusterNamespace) secret", "label_replace(secret, \"clusterNamespace\", \"team-a\", \"\", \"\")",
        "label_join(secret, \"x\", \"}\", \"clusterNamespace\")", "topk(5, secret)", "count_values(\"v\", secret)", "sort_desc({__name__!=\"\"})", "absent_over_time(up[1m]) or secret", "secret{a=\"\"}",
        "up{job=\"}\"} or secret", "up{job=`\"} or secret{x=\"`} or secret", "up{job='\"'} or secret", "histogram_quantile(0.5, secret)", "vector(1) or secret", "scalar(secret) or secret", "secret{cluster!~\"web\"}",
        "timestamp(secret)", "secret and secret", "count({__name__=~\"up|secret\"}) by (clusterNamespace, __name__)", "{\"secret\"}", "{\"secret\", \"job\"=\"j\"}", "group by (clusterNamespace) ({job=~\".*\"})",
    ];

    public async ValueTask InitializeAsync()
    {
        // The names of the second are the tenant's secret.
        await WriteAsync("up", fixture.Host.WebToken.Text, ("mine", "yes"));
        await WriteAsync("up", fixture.Host.DataToken.Text, ("theirs", "hidden"));
        await WriteAsync("secret", fixture.Host.DataToken.Text, ("theirs", "hidden"));
        await fixture.Store!.WaitForAsync("{theirs=\"hidden\"}", 2, TimeSpan.FromSeconds(30));
        await fixture.Store.WaitForAsync("{mine=\"yes\"}", 1, TimeSpan.FromSeconds(30));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory, MemberData(nameof(Adversarial))]
    public async Task A_tenant_never_sees_series_of_others(string query)
    {
        foreach (var path in (string[])[$"/query?query={Uri.EscapeDataString(query)}", $"/query_range?query={Uri.EscapeDataString(query)}&start={Seconds(-300)}&end={Seconds(60)}&step=15"])
        {
            var (status, text) = await fixture.GetAsync(Root + path, fixture.TeamA);
            Assert.True(status is 200 or 400 or 422, $"{status} {text}");
            Assert.DoesNotContain("theirs", text, StringComparison.Ordinal);
            Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
            Assert.DoesNotContain("team-b", WithoutError(text), StringComparison.Ordinal);
            Assert.DoesNotContain("secret\"", WithoutError(text), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_may_be_seen_is_found()
    {
        foreach (var query in (string[])["up", "{__name__=~\".+\", mine=\"yes\"}", "sum by (mine) (up)", "max_over_time(up[10m])", "max_over_time(up[10m:15s])", "up offset 1s or up", "up # comment\n", "up * on (cluster) group_left () up", "- - up", "{__name__=\"up\"} @ end()"])
        {
            var found = (await fixture.OkAsync($"{Root}/query?query={Uri.EscapeDataString(query)}", fixture.TeamA))["data"]!["result"]!.AsArray();
            Assert.True(found.Count == 1, $"{query}: {found.ToJsonString()}");
        }
        var all = (await fixture.OkAsync($"{Root}/query?query=up", fixture.Everything))["data"]!["result"]!.AsArray();
        Assert.Equal(new HashSet<string> { "team-a", "team-b" }, all.Select(one => (string)one!["metric"]!["clusterNamespace"]!).ToHashSet());
        Assert.Contains("hidden", (await fixture.OkAsync($"{Root}/query?query=secret", fixture.Everything)).ToJsonString(), StringComparison.Ordinal);
        var one = (await fixture.OkAsync($"{Root}/query?query=up&cluster=team-b/data", fixture.Everything))["data"]!["result"]!.AsArray();
        Assert.Equal("data", (string)Assert.Single(one)!["metric"]!["cluster"]!);
        var range = (await fixture.OkAsync($"{Root}/query_range?query=up&start={Seconds(-60)}&end={Seconds(0)}&step=5s", fixture.TeamA))["data"]!;
        Assert.Equal(("matrix", 1), ((string)range["resultType"]!, range["result"]!.AsArray().Count));
    }

    [Fact]
    public async Task Series_and_labels_are_the_tenants()
    {
        foreach (var match in (string[])["up", "{__name__=~\".+\"}", "secret", "{theirs=\"hidden\"}", "{clusterNamespace=\"team-b\"}"])
            Assert.DoesNotContain("theirs", (await fixture.OkAsync($"{Root}/series?match[]={Uri.EscapeDataString(match)}&match[]=up", fixture.TeamA)).ToJsonString(), StringComparison.Ordinal);
        Assert.Single((await fixture.OkAsync($"{Root}/series?match[]=up", fixture.TeamA))["data"]!.AsArray());
        foreach (var query in (string[])["", "?match[]=up", "?match[]=secret", "?match[]=%7Btheirs%3D%22hidden%22%7D"])
        {
            Assert.DoesNotContain("theirs", (await fixture.OkAsync($"{Root}/labels{query}", fixture.TeamA)).ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("hidden", (await fixture.OkAsync($"{Root}/label/theirs/values{query}", fixture.TeamA)).ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("team-b", (await fixture.OkAsync($"{Root}/label/clusterNamespace/values{query}", fixture.TeamA)).ToJsonString(), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", (await fixture.OkAsync($"{Root}/label/__name__/values{query}", fixture.TeamA)).ToJsonString(), StringComparison.Ordinal);
        }
        Assert.Equal(["team-a"], (await fixture.OkAsync($"{Root}/label/clusterNamespace/values", fixture.TeamA))["data"]!.AsArray().Select(value => (string)value!));
        Assert.Contains("mine", (await fixture.OkAsync($"{Root}/labels", fixture.TeamA))["data"]!.AsArray().Select(value => (string)value!));
    }

    [Fact]
    public async Task Nobody_else_gets_in_by_other_parameters_or_forms()
    {
        foreach (var extra in (string[])["extra_filters[]=%7BclusterNamespace%3D%22team-b%22%7D", "extra_filters=%7BclusterNamespace%3D%22team-b%22%7D", "extra_label=clusterNamespace%3Dteam-b", "match[]=secret", "query=up"])
            Assert.DoesNotContain("hidden", (await fixture.GetAsync($"{Root}/query?query=up&{extra}", fixture.TeamA)).Text, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Root}/query?query=up") { Content = new FormUrlEncodedContent([new("query", "secret"), new("extra_label", "clusterNamespace=team-b")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", fixture.TeamA);
        using var twice = await fixture.Host.Client.SendAsync(request);
        Assert.Equal(400, (int)twice.StatusCode);
        using var form = new HttpRequestMessage(HttpMethod.Post, $"{Root}/query") { Content = new FormUrlEncodedContent([new("query", "up or secret")]) };
        form.Headers.Authorization = new AuthenticationHeaderValue("Bearer", fixture.TeamA);
        using var answer = await fixture.Host.Client.SendAsync(form);
        Assert.Single(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["data"]!["result"]!.AsArray());
        foreach (var (token, status) in (IEnumerable<(string?, int)>)[(null, 401), (fixture.Nobody, 403)])
            foreach (var path in (string[])["/query?query=up", "/query_range?query=up&start=1&end=2&step=1", "/series?match[]=up", "/labels", "/label/job/values"])
                Assert.Equal(status, (await fixture.GetAsync(Root + path, token)).Status);
        Assert.Equal(403, (await fixture.GetAsync($"{Root}/query?query=up&cluster=team-b/data", fixture.TeamA)).Status);
    }

    [Theory]
    [InlineData("/query", "query is needed")]
    [InlineData("/query?query=up(", "no function")]
    [InlineData("/query?query=up&time=noon", "time is no time")]
    [InlineData("/query?query=up&timeout=-1", "timeout")]
    [InlineData("/query_range?query=up&start=1&end=2", "step is needed")]
    [InlineData("/query_range?query=up&start=1&end=2&step=0", "step is a duration")]
    [InlineData("/query_range?query=up&start=2&end=1&step=1", "end must not be before")]
    [InlineData("/query_range?query=up&start=0&end=1700000000&step=86400", "days apart")]
    [InlineData("/query_range?query=up&start=0&end=864000&step=1", "11000 points")]
    [InlineData("/series", "no match[]")]
    [InlineData("/series?match[]=up%20or%20x", "not expected")]
    [InlineData("/label/a.b/values", "no name of a label")]
    [InlineData("/labels?cluster=web", "namespace/name")]
    [InlineData("/query?query=up&query=up", "given 2 times")]
    public async Task What_cannot_be_asked_is_said_as_Prometheus_does(string path, string problem)
    {
        var (status, text) = await fixture.GetAsync(Root + path, fixture.TeamA);
        Assert.Equal(400, status);
        var error = JsonNode.Parse(text)!;
        Assert.Equal(("error", "bad_data"), ((string)error["status"]!, (string)error["errorType"]!));
        Assert.Contains(problem, (string)error["error"]!, StringComparison.Ordinal);
    }

    private async Task WriteAsync(string name, string token, (string Name, string Value) label)
    {
        var samples = Enumerable.Range(0, 5).Select(n => (Now - 60_000 + (n * 15_000), 1.0)).ToArray();
        foreach (var (time, value) in samples)
        {
            using var response = await fixture.Host.WriteAsync(WriteRequests.V1(Series.Of(name, time, value, ("job", "j"), label)), token: token);
            Assert.Equal(204, (int)response.StatusCode);
        }
    }

    private static string Seconds(int offset) => ((Now / 1000) + offset).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>An error may repeat the query.</summary>
    private static string WithoutError(string text) => JsonNode.Parse(text)!["status"]!.GetValue<string>() == "error" ? "" : text;
}
