using System.Net;
using System.Text;
using FsCheck.Fluent;
using Fleet.Rest.Requests;

namespace Fleet.Api.Tests;

/// <summary>Wrong and hostile input never leads to more than a 4xx that says where.</summary>
public sealed class InputTests
{
    [Fact]
    public async Task Every_wrong_parameter_is_named_at_once()
    {
        await using var host = await ApiHost.StartAsync("embedded");
        var admin = await host.AdminAsync();
        var problem = await (await admin.AskAsync("/clusters?limit=501&ready=yes&phase=Sleeping&namspace=x&template=a&template=b")).ProblemAsync(400, "invalid-request");
        Assert.Equal(["?limit", "?namspace", "?phase", "?ready", "?template"], problem.Fields().Order());
        foreach (var limit in (string[])["0", "-1", "1e3", " 5", "99999999999", "", "٣"])
            Assert.Equal(["?limit"], (await (await admin.AskAsync($"/clusters?limit={Uri.EscapeDataString(limit)}")).ProblemAsync(400, "invalid-request")).Fields());
        Assert.Equal(["?namespace"], (await (await admin.AskAsync("/clusters?namespace=A_b")).ProblemAsync(400, "invalid-request")).Fields());
        await (await admin.AskAsync("/clusters?labelSelector=%3D%3D%3D")).ProblemAsync(400, "invalid-request");
        Assert.Equal(["namespace", "name"], (await (await admin.AskAsync("/clusters/UP/a..b")).ProblemAsync(400, "invalid-request")).Fields());
        foreach (var path in (string[])["/clusters/kcm-system/%2e%2e%2fsecrets", "/clusters/a%2fb/c"])
            await (await admin.AskAsync(path)).ProblemAsync(400, "invalid-request");
        await (await admin.AskAsync("/nothing/here")).ProblemAsync(404, "not-found");
        await (await admin.SendAsync(HttpMethod.Put, "/clusters", null, [])).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task No_query_makes_the_server_fail()
    {
        await using var host = await ApiHost.StartAsync("embedded", new() { RequestsPerSecond = 100_000, Burst = 100_000, AddressBurst = 100_000 });
        var admin = await host.AdminAsync();
        await host.ClusterAsync("a");
        string[] names = ["namespace", "limit", "continue", "labelSelector", "ready", "template", "credential", "phase", "q", "since", "kinds", "dryRun", "constructor", ""];
        var texts = ArbMap.Default.GeneratorFor<string>().Where(text => text is { Length: < 2000 } && IsUnicode(text));
        var queries = Gen.ArrayOf(Gen.Zip(Gen.Elements(names), Gen.OneOf(texts, Gen.Elements("true", "1", "a=b", "a in (b)", "!a", "*", "..", "%", "\0", "eyJuIjoiYSJ9")))).Select(pairs =>
            string.Join('&', pairs.Take(6).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}")));
        foreach (var query in queries.Sample(150, 30))
            foreach (var path in (string[])["/clusters", "/credentials", "/cluster-templates", "/audit", $"/clusters/{host.Namespace}/a/events"])
            {
                using var response = await admin.AskAsync($"{path}?{query}");
                var status = (int)response.StatusCode;
                // Without a database the audit can not be asked, and says so.
                Assert.True(status is 200 or 400 || (path == "/audit" && status == 503), $"{path}?{query}: {status} {await response.Content.ReadAsStringAsync()}");
                if (status == 400)
                    await response.ProblemAsync(400, "invalid-request");
            }
    }

    [Fact]
    public async Task No_body_makes_the_server_fail()
    {
        await using var host = await ApiHost.StartAsync("embedded", new() { RequestsPerSecond = 100_000, Burst = 100_000, AddressBurst = 100_000 });
        var admin = await host.AdminAsync();
        await host.ClusterAsync("a");
        var path = $"/clusters/{host.Namespace}/a";
        string[] bodies =
        [
            "", "null", "1", "\"x\"", "[]", "{", "{}", """{"role":null}""", """{"role":{}}""", """{"role":"view","role":"edit"}""", """{"__proto__":{}}""", """{"spec":{"template":null}}""",
            """{"spec":{"config":{"a":1e999}}}""", """{"metadata":{"labels":{"a b":"c"}}}""", """{"metadata":{"labels":"x"}}""", "{\"spec\":{\"config\":" + new string('[', 200) + new string(']', 200) + "}}", "\uFEFF{}", "\0",
        ];
        foreach (var body in bodies)
        {
            foreach (var (method, where, type) in (IEnumerable<(HttpMethod, string, string)>)
                [(HttpMethod.Patch, path, "application/merge-patch+json"), (HttpMethod.Post, path + "/kubeconfig", "application/json"), (HttpMethod.Post, path + "/actions/upgrade", "application/json")])
            {
                using var response = await admin.SendAsync(method, where, body, [("If-Match", "*")], type);
                Assert.True((int)response.StatusCode is (>= 400 and < 500) or 200, $"{method} {where} {body}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
        }

        Assert.Equal("aws-1-0-0", (string?)(await admin.OkAsync(path))["template"]);
    }

    [Fact]
    public async Task Who_calls_too_often_is_told_to_wait_and_others_are_not()
    {
        await using var host = await ApiHost.StartAsync("embedded", new() { RequestsPerSecond = 1, Burst = 3 });
        var busy = await host.CallerAsync("busy", Rules.ReadClusters);
        var calm = await host.CallerAsync("calm", Rules.ReadClusters);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => busy.AskAsync($"/clusters?namespace={host.Namespace}")));
        var late = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.InRange(late.Count, 6, 9);
        await late[0].ProblemAsync(429, "too-many-requests");
        Assert.NotNull(late[0].Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await calm.AskAsync($"/clusters?namespace={host.Namespace}")).StatusCode);
    }

    [Theory]
    [InlineData("a", true), InlineData("a.b-c", true), InlineData("", false), InlineData("-a", false), InlineData("a\n", false), InlineData("A", false), InlineData("a/b", false), InlineData("..", false)]
    public void Names_are_those_of_Kubernetes(string name, bool isName) => Assert.Equal(isName, PathNames.IsName(name));

    private static bool IsUnicode(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
