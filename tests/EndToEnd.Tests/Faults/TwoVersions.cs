using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Helm.Catalog;
using Fleet.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>The chart for AWS in two versions that differ in the version of Kubernetes, served, and the objects that make clusters of them.</summary>
internal sealed class TwoVersions(TemporaryFolder folder, WebApplication server) : IAsyncDisposable
{
    public const string Team = "team";

    /// <summary>All but the clusters.</summary>
    public string Manifests => Objects.Replace("CHARTS", server.Urls.First() + "/charts", StringComparison.Ordinal);

    /// <summary>One machine of each sort.</summary>
    public static JsonObject Cluster(string name) => new()
    {
        ["apiVersion"] = "k0rdent.mirantis.com/v1beta1",
        ["kind"] = "ClusterDeployment",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Team },
        ["spec"] = new JsonObject
        {
            ["template"] = "aws-33", ["credential"] = "aws", ["config"] = new JsonObject { ["controlPlaneNumber"] = 1, ["workersNumber"] = 1 },
        },
    };

    public static async Task<TwoVersions> ServeAsync()
    {
        var folder = new TemporaryFolder("versions");
        foreach (var version in (string[])["1.33.1", "1.34.0"])
        {
            var source = Path.Combine(TestLogs.RepositoryRoot, "deploy", "catalog", "charts", "aws-standalone-cp-0.1.0");
            foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            {
                var text = await File.ReadAllTextAsync(file);
                if (Path.GetFileName(file) == "Chart.yaml")
                    text = Regex.Replace(text, "^version: .*$", $"version: {version}", RegexOptions.Multiline);
                if (Path.GetFileName(file) == "values.yaml")
                    text = Regex.Replace(text, @"^  version: v1\..*$", $"  version: v{version}", RegexOptions.Multiline);
                folder.Write(Path.Combine("sources", version, Path.GetRelativePath(source, file)), text);
            }
        }
        await CatalogFolder.PublishAsync(folder.File("sources"), folder.File("charts"), CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapHelmRepository("/charts", folder.File("charts"));
        await server.StartAsync();
        return new(folder, server);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    private const string Objects = """
        {apiVersion: v1, kind: Namespace, metadata: {name: kcm-system}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: team}}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: aws-secret, namespace: kcm-system}
        stringData: {AccessKeyID: AKIAIOSFODNN7EXAMPLE, SecretAccessKey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}
        ---
        apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
        kind: AWSClusterStaticIdentity
        metadata: {name: aws-identity}
        spec: {secretRef: aws-secret, allowedNamespaces: {}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Credential
        metadata: {name: aws, namespace: team}
        spec: {identityRef: {apiVersion: infrastructure.cluster.x-k8s.io/v1beta2, kind: AWSClusterStaticIdentity, name: aws-identity}}
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: charts, namespace: team}
        spec: {url: "CHARTS", interval: 10m}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: {name: aws-33, namespace: team}
        spec: {helm: {chartSpec: {chart: aws-standalone-cp, version: 1.33.1, sourceRef: {kind: HelmRepository, name: charts}}}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterTemplate
        metadata: {name: aws-34, namespace: team}
        spec: {helm: {chartSpec: {chart: aws-standalone-cp, version: 1.34.0, sourceRef: {kind: HelmRepository, name: charts}}}}
        """;
}
