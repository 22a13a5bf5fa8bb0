using System.Text.Json.Nodes;
using Fleet.Helm.Catalog;
using Fleet.Helm.Repositories;
using Fleet.Integration.Tests.Helm;
using Fleet.Kubernetes.Yaml;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>The catalog as users get it: over HTTP from our own endpoint, and pushed to a real registry.</summary>
public sealed class CatalogServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task Our_repository_serves_fleet_and_helm_itself(string version)
    {
        using var folder = new TemporaryFolder("catalog");
        await CatalogFolder.PublishAsync(CatalogSource.Charts, folder.File("repository"), Ct);
        await using var app = await ServeAsync(folder.File("repository"));
        var url = app.Urls.First() + "/catalog";

        using var helm = new HelmHost(version);
        foreach (var (chart, versions) in await VersionsAsync())
            foreach (var published in versions)
                Assert.Equal((chart, published), await PulledAsync(helm, new RepositorySource(url), chart, published));

        var binary = Fleet.Testing.RealParts.Helms.Single(h => h.Version == version).Path;
        (await ProcessOutput.RunAsync(binary, ["pull", "simple-nginx", "--repo", url, "--version", "^1", "-d", folder.FullPath])).MustSucceed();
        Assert.True(File.Exists(folder.File("simple-nginx-1.0.0.tgz")));
    }

    [Fact]
    public async Task Nothing_but_charts_and_the_index_is_served()
    {
        using var folder = new TemporaryFolder("catalog");
        folder.Write("secret.tgz", "outside");
        folder.Write("repository/index.yaml", "apiVersion: v1\nentries: {}\n");
        folder.Write("repository/notes.txt", "x");
        await using var app = await ServeAsync(folder.File("repository"));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        foreach (var path in (string[])["/catalog/notes.txt", "/catalog/..%2Fsecret.tgz", "/catalog/%2e%2e/secret.tgz", "/catalog/none.tgz"])
            Assert.Equal(404, (int)(await client.GetAsync(path, Ct)).StatusCode);
        var index = await client.GetAsync("/catalog/index.yaml", Ct);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/catalog/index.yaml");
        again.Headers.IfNoneMatch.Add(index.Headers.ETag!);
        Assert.Equal(304, (int)(await client.SendAsync(again, Ct)).StatusCode);
    }

    [Theory]
    [MemberData(nameof(HelmHost.Versions), MemberType = typeof(HelmHost))]
    public async Task The_push_script_fills_a_registry_that_fleet_pulls_from(string version)
    {
        var registry = await OciRegistry.SharedAsync();
        var path = $"catalog-{version.Split('.')[0]}";
        var binary = Fleet.Testing.RealParts.Helms.Single(h => h.Version == version).Path;
        (await ProcessOutput.RunAsync("/usr/bin/env", [$"FLEET_HELM={binary}", "bash", CatalogSource.PushScript, $"oci://{registry.Host}/{path}", "--plain-http"])).MustSucceed();

        using var helm = new HelmHost(version);
        var source = new RepositorySource($"oci://{registry.Host}/{path}") { PlainHttp = true };
        foreach (var (chart, versions) in await VersionsAsync())
            foreach (var published in versions)
                Assert.Equal((chart, published), await PulledAsync(helm, source, chart, published));
        Assert.Equal("1.0.0", (await helm.Charts.PullAsync(new ChartReference(source, "simple-nginx", "~1"), Ct)).Version);
        Assert.Equal(["0.2.0", "0.1.0"], (await helm.Charts.VersionsAsync(source, "aws-standalone-cp", Ct)).Select(v => v.Version));
        Assert.Equal(["1.0.0"], (await helm.Charts.VersionsAsync(source, "simple-nginx", Ct)).Select(v => v.Version));
    }

    [Fact]
    public async Task Every_template_names_a_chart_and_version_of_the_catalog()
    {
        var charts = await VersionsAsync();
        var objects = Directory.EnumerateFiles(CatalogSource.Templates, "*.yaml").SelectMany(f => KubernetesYaml.ReadAll(File.ReadAllText(f))).ToList();
        var templates = objects.Where(o => (string?)o["kind"] == "ClusterTemplate").ToList();
        foreach (var template in templates)
        {
            var spec = template["spec"]!["helm"]!["chartSpec"]!;
            var (chart, version) = ((string)spec["chart"]!, (string)spec["version"]!);
            Assert.Contains(version, charts[chart]);
            Assert.Equal($"{chart}-{version.Replace('.', '-')}", (string?)template["metadata"]!["name"]);
            Assert.Contains(objects, o => (string?)o["kind"] == "HelmRepository" && (string?)o["metadata"]!["name"] == (string?)spec["sourceRef"]!["name"]);
        }

        // Every cluster chart has a template for each version, and what a chain names exists.
        Assert.Equal(charts.Where(c => !CatalogSource.IsService(c.Key) && !CatalogSource.IsOfProvider(c.Key)).Sum(c => c.Value.Count), templates.Count);
        var names = templates.Select(t => (string?)t["metadata"]!["name"]).ToList();
        var chains = objects.Where(o => (string?)o["kind"] == "ClusterTemplateChain").ToList();
        Assert.Equal(charts.Count(c => c.Value.Count > 1), chains.Count);
        Assert.All(
            chains.SelectMany(c => (JsonArray)c["spec"]!["supportedTemplates"]!).SelectMany(t => (t!["availableUpgrades"] as JsonArray ?? []).Append(t)),
            t => Assert.Contains((string?)t!["name"], names));
    }

    private static async Task<Dictionary<string, List<string>>> VersionsAsync()
    {
        var charts = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var folder in CatalogSource.ChartFolders)
        {
            var metadata = (await CatalogSource.PackAsync(folder)).Content.Metadata;
            if (!charts.TryGetValue(metadata.Name, out var versions)) charts[metadata.Name] = versions = [];
            versions.Add(metadata.Version);
        }
        return charts;
    }

    private static async Task<(string Name, string Version)> PulledAsync(HelmHost helm, RepositorySource source, string chart, string version)
    {
        var pulled = await helm.Charts.PullAsync(new ChartReference(source, chart, version), Ct);
        return (pulled.Name, pulled.Version);
    }

    private static async Task<WebApplication> ServeAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapHelmRepository("/catalog", folder);
        await app.StartAsync(Ct);
        return app;
    }
}
