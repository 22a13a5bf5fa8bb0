using System.Diagnostics;
using System.Text.Json.Nodes;
using Fleet.Helm.Rendering;

namespace Fleet.Integration.Tests.Helm;

public sealed class TemplateRendererTests
{
    private static JsonObject Context => (JsonObject)JsonNode.Parse("""
        {"Cluster":{"metadata":{"name":"prod","generation":12345678},"spec":{"controlPlaneEndpoint":{"host":"10.0.0.1","port":6443},"ids":[{"n":5000000000}],"odd \"key\"":7654321}},
         "Resources":{"cm":{"data":{"key":"value"}}}}
        """)!;

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task The_language_is_helms_and_the_context_is_the_root(string version)
    {
        using var helm = new HelmHost(version);
        (string Text, string Expected)[] cases =
        [
            ("plain: text", "plain: text"),
            ("host: {{ .Cluster.spec.controlPlaneEndpoint.host }}:{{ $.Cluster.spec.controlPlaneEndpoint.port }}", "host: 10.0.0.1:6443"),
            ("{{ .Cluster.metadata.generation }} {{ (index .Cluster.spec.ids 0).n }} {{ index .Cluster.spec `odd \"key\"` }}", "12345678 5000000000 7654321"),
            ("{{ (getResource \"cm\").data.key | upper | b64enc }}", "VkFMVUU="),
            ("{{ range $i, $x := list 1 2 }}{{ $i }}{{ $x }}{{ $.Cluster.metadata.name }};{{ end }}", "01prod;12prod;"),
            ("{{ with .Cluster.spec }}{{ .controlPlaneEndpoint | toJson }}{{ end }}", """{"host":"10.0.0.1","port":6443}"""),
            ("{{ define \"t\" }}<{{ . }}>{{ end }}{{ include \"t\" \"x\" }}", "<x>"),
            ("a\n---\n{{ \"{\\\"i\\\":0}\" }}\n\"quote\" \\ é {{ \"✓\" }}", "a\n---\n{\"i\":0}\n\"quote\" \\ é ✓"),
            ("{{ .Cluster.spec.missing | default \"none\" }}", "none"),
            ("", ""),
        ];
        var context = Context;
        var results = await helm.Renderer.RenderAsync([.. cases.Select(c => new RenderText(c.Text, context))], TestContext.Current.CancellationToken);
        Assert.Equal(cases.Select(c => c.Expected), results.Select(r => r.Text ?? "error: " + r.Error));
        Assert.Empty(helm.LeftOver());
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task A_bad_text_fails_alone_and_says_where(string version)
    {
        using var helm = new HelmHost(version);
        string[] texts =
        [
            "{{ .Cluster.metadata.name }}", "line one\n{{ .Cluster.a.b.c }} password", "{{ nofunc }}", "{{ fail \"my words\" }}", "{{ if }}", "fine {{ 1 }}",
        ];
        var results = await helm.Renderer.RenderAsync([.. texts.Select(t => new RenderText(t, Context))], TestContext.Current.CancellationToken);
        Assert.Equal("prod", results[0].Text);
        Assert.StartsWith("line 2: at <.Cluster.a.b.c>: nil pointer evaluating", results[1].Error, StringComparison.Ordinal);
        Assert.DoesNotContain("password", results[1].Error, StringComparison.Ordinal);
        Assert.Equal("line 1: function \"nofunc\" not defined", results[2].Error);
        Assert.Equal("my words", results[3].Error);
        Assert.Equal("line 1: missing value for if", results[4].Error);
        Assert.Equal("fine 1", results[5].Text);
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task A_text_that_changes_its_context_changes_nobody_elses(string version)
    {
        using var helm = new HelmHost(version);
        var context = Context;
        var results = await helm.Renderer.RenderAsync(
        [
            new RenderText("{{ $_ := set .Cluster.metadata \"name\" \"hacked\" }}{{ .Cluster.metadata.name }}", context),
            new RenderText("{{ .Cluster.metadata.name }}", context),
        ], TestContext.Current.CancellationToken);
        Assert.Equal(["hacked", "prod"], results.Select(r => r.Text));
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task A_thousand_texts_take_one_process(string version)
    {
        using var helm = new HelmHost(version);
        await helm.Binary.FindAsync(TestContext.Current.CancellationToken);
        var contexts = Enumerable.Range(0, 50).Select(_ => Context).ToArray();
        var texts = Enumerable.Range(0, 1000).Select(i => new RenderText("host: {{ .Cluster.spec.controlPlaneEndpoint.host }}\nn: " + i, contexts[i % 50])).ToList();
        var watch = Stopwatch.StartNew();
        var results = await helm.Renderer.RenderAsync(texts, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper!.WriteLine($"helm {version}: 1000 renders in {watch.ElapsedMilliseconds} ms");
        Assert.All(results.Select((r, i) => (r, i)), x => Assert.Equal($"host: 10.0.0.1\nn: {x.i}", x.r.Text));
        // Generous: the point is that it is not a process per text (1000 × 50 ms).
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }
}
