using System.Text.Json.Nodes;
using Fleet.Helm.Catalog;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;
using Fleet.Helm.Versions;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Testing;
using Fleet.Testing.ApiServers;

namespace Fleet.Integration.Tests.Helm;

/// <summary>Sparing helm its check of fields must change nothing but the time that it takes.</summary>
public sealed class FieldChecksTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> HelmsAndServers =>
        [.. Fleet.Testing.RealParts.Helms.SelectMany(helm => ApiServers.Names.Select(server => (helm.Version, server)))];

    [Theory]
    [MemberData(nameof(HelmsAndServers))]
    public async Task Wrong_fields_end_as_they_would_with_helms_own_check(string version, string server)
    {
        using var helm = new HelmHost(version);
        var fixture = await ApiServers.SharedAsync(server);
        var kubeconfig = await File.ReadAllTextAsync(fixture.KubeconfigPath, Ct);
        using var client = KubernetesClient.Create(KubeConfig.LoadEndpoint(new() { Paths = [fixture.KubeconfigPath] }));
        var areOfServer = await new FieldChecks(client).AreOfServerAsync(Ct);
        Assert.Equal(SemanticVersion.TryParse(fixture.Version)!.CompareTo(SemanticVersion.Of(1, 27, 0)) >= 0, areOfServer);

        var chart = await ChartAsync(helm);
        var place = $"fields-{version[0]}-{Guid.NewGuid():N}"[..20];
        foreach (var (name, spec) in new[] { ("right", "{}"), ("unknown", """{"typo": 1}"""), ("mistyped", """{"replicas": "many"}""") })
        {
            var spared = await OutcomeAsync(new(place, name + "-spared"), areOfServer);
            var checkedByHelm = await OutcomeAsync(new(place, name + "-checked"), false);
            Assert.Equal(checkedByHelm, spared);
            if (name != "unknown")
                Assert.Equal(name == "right", spared == nameof(ReleaseState.Deployed));

            async Task<string> OutcomeAsync(ReleaseName release, bool serverChecks)
            {
                try
                {
                    var made = await helm.Releases.UpgradeAsync(
                        new UpgradeRequest
                        {
                            Release = release, Cluster = new ClusterAccess(kubeconfig) { IsTrusted = true }, Chart = chart,
                            Values = new JsonObject { ["spec"] = JsonNode.Parse(spec) }, ServerChecksFields = serverChecks,
                        }, Ct);
                    return made.State.ToString();
                }
                catch (HelmException e)
                {
                    return e.Kind.ToString();
                }
            }
        }
    }

    private static async Task<ChartArchive> ChartAsync(HelmHost helm)
    {
        using var folder = new TemporaryFolder("chart");
        folder.Write("fields/Chart.yaml", "apiVersion: v2\nname: fields\nversion: 1.0.0\n");
        folder.Write("fields/templates/all.yaml", """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{ .Release.Name }}
            spec:
              {{- with .Values.spec }}
              {{- toYaml . | nindent 2 }}
              {{- end }}
              selector: {matchLabels: {app: a}}
              template:
                metadata: {labels: {app: a}}
                spec: {containers: [{name: a, image: a}]}
            """);
        var packed = await ChartPackager.PackAsync(folder.File("fields"), Ct);
        return await helm.Charts.ImportAsync(new MemoryStream(packed.Bytes), Ct);
    }
}
