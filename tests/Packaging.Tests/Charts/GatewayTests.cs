using System.Text.RegularExpressions;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>The gateway leads each path to the service that serves it.</summary>
public sealed partial class GatewayTests
{
    private static readonly string Configuration = (string)RenderedChart.Of("3.18.0").Of("ConfigMap").Single(map => RenderedChart.Name(map) == "fleet-gateway")["data"]!["nginx.conf"]!;

    public static TheoryData<string, string> Paths => new()
    {
        { "/", "cluster_manager" },
        { "/clusters/team/web", "cluster_manager" },
        { "/openapi/v1.json", "cluster_manager" },
        { "/api/v1/clusters", "cluster_manager" },
        { "/api/v1/clusters/team/web/kubeconfig", "cluster_manager" },
        { "/api/v1/clusters/team/web/telemetry-tokens", "observability" },
        { "/api/v1/clusters/team/web/telemetry-tokens/7", "observability" },
        { "/api/v1/watch", "cluster_manager" },
        { "/api/v1/audit", "cluster_manager" },
        { "/api/v1/services", "state_manager" },
        { "/api/v1/services/team/web/apps/nginx", "state_manager" },
        { "/api/v1/servicetemplates", "cluster_manager" },
        { "/api/v1/compliance/trend", "state_manager" },
        { "/api/v1/write", "observability" },
        { "/v1/logs", "observability" },
        { "/api/v1/prometheus/api/v1/query", "observability" },
        { "/allocation", "observability" },
        { "/assets", "observability" },
        { "/assets/index-1.js", "cluster_manager" },
        { "/metrics", "404" },
        { "/readyz", "404" },
    };

    [Theory, MemberData(nameof(Paths))]
    public void A_path_leads_to_its_service(string path, string service) => Assert.Equal(service, Target(path));

    /// <summary>A new path of Observability is not forgotten here: by default the ClusterManager is asked.</summary>
    [Fact]
    public void Every_path_of_Observability_leads_there()
    {
        // "nodes" is Kubernetes' own address of kubelets.
        var paths = Repository.Sources("src/Observability", "*.cs").SelectMany(source => Literal().Matches(source)).Select(match => match.Groups[1].Value).Where(segment => segment is not ("clusters" or "nodes")).Distinct().ToList();
        Assert.True(paths.Count > 10);
        Assert.All(paths, segment => Assert.Equal("observability", Target($"/api/v1/{segment}")));
        var elsewhere = Repository.Sources("src/ClusterManager", "*.cs").Concat(Repository.Sources("src/StateManager", "*.cs")).SelectMany(source => Relative().Matches(source)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Contains("backups", elsewhere);
        Assert.All(elsewhere.Where(segment => segment != "clusters"), segment => Assert.NotEqual("observability", Target($"/api/v1/{segment}")));
    }

    /// <summary>As nginx chooses: the first regular expression that fits, else the prefix.</summary>
    private static string Target(string path)
    {
        foreach (Match location in Location().Matches(Configuration))
            if (Regex.IsMatch(path, location.Groups[1].Value))
                return location.Groups[2].Success ? location.Groups[2].Value : "404";
        return Prefix().Match(Configuration).Groups[1].Value;
    }

    [GeneratedRegex(@"location ~ (\S+) \{ (?:proxy_pass https?://(\w+)|return 404)")]
    private static partial Regex Location();

    [GeneratedRegex(@"location / \{ proxy_pass https?://(\w+)")]
    private static partial Regex Prefix();

    [GeneratedRegex("\"/api/v1/([a-z-]+)")]
    private static partial Regex Literal();

    [GeneratedRegex("api\\.Map(?:Get|Post|Patch|Delete)\\(\\$?\"/([a-z-]+)")]
    private static partial Regex Relative();
}
