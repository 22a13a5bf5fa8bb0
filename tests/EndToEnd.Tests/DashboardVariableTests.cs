using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.EndToEnd.Tests;

/// <summary>The form of the dashboards; what their queries find is looked at by <see cref="DashboardTests"/>.</summary>
public sealed class DashboardVariableTests
{
    public static TheoryData<string> Dashboards => ["fleet", "cluster", "service", "cost", "itself"];

    [Theory, MemberData(nameof(Dashboards))]
    public void Whatever_is_told_by_cluster_is_narrowed_by_tenant_and_cluster(string name)
    {
        var board = JsonNode.Parse(File.ReadAllText(Path.Combine(TestLogs.RepositoryRoot, "deploy", "grafana", $"{name}.json")))!;
        var variables = board["templating"]!["list"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => variable!);
        foreach (var variable in (string[])["tenant", "cluster"])
            Assert.True((bool)variables[variable]["includeAll"]! && (bool)variables[variable]["multi"]!, variable);
        Assert.Contains("$tenant", (string)variables["cluster"]["definition"]!, StringComparison.Ordinal);
        var queries = board["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => (string)target!["expr"]!).ToList();
        Assert.Contains(queries, IsNarrowed);
        // Other series are of Fleet as a whole.
        Assert.All(queries, query => Assert.True(IsNarrowed(query) || !IsOfClusters(query), query));
    }

    private static bool IsNarrowed(string query) => query.Contains("$tenant", StringComparison.Ordinal) && query.Contains("$cluster", StringComparison.Ordinal);

    private static bool IsOfClusters(string query) => ((string[])["fleet_cluster_", "container_", "node_", "kube_"]).Any(series => query.Contains(series, StringComparison.Ordinal));
}
