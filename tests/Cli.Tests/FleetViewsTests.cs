using System.Text.Json.Nodes;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Tests;

public sealed class FleetViewsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly DynamicObject Cluster = new(JsonNode.Parse("""
        {
          "metadata": { "namespace": "team", "name": "web", "creationTimestamp": "2026-11-20T11:59:00Z" },
          "spec": { "template": "aws-0-1-0", "serviceSpec": { "services": [ { "name": "nginx" }, { "name": "redis" } ] } },
          "status": {
            "k8sVersion": "v1.33.1",
            "conditions": [ { "type": "Ready", "status": "False", "message": "two\nlines" } ],
            "services": [ { "name": "nginx", "namespace": "apps", "state": "Deployed", "version": "1.0.0", "lastStateTransitionTime": "2026-11-20T11:59:30Z" } ]
          }
        }
        """)!.AsObject());

    [Theory]
    [InlineData("clusters")]
    [InlineData("cld")]
    [InlineData("ClusterDeployment")]
    public void Clusters_go_by_upstreams_short_names_too(string word) => Assert.Equal("clusters", FleetViews.Find(word)?.Words[0]);

    [Fact]
    public void No_word_means_two_views() =>
        Assert.Empty(FleetViews.All.SelectMany(view => view.Words).GroupBy(word => word).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void A_cluster_shows_readiness_services_and_a_message_on_one_line()
    {
        var cells = Cells("clusters", Cluster);
        Assert.Equal(["team", "web", "False", "1/2", "aws-0-1-0", "v1.33.1", "60s", "two lines"], cells[0]);
    }

    [Fact]
    public void Services_give_one_row_each_with_their_cluster()
    {
        var cells = Cells("services", Cluster);
        Assert.Equal(["team/web", "apps", "nginx", "Deployed", "1.0.0", "", "30s", ""], Assert.Single(cells));
    }

    [Fact]
    public void A_cluster_that_nobody_has_looked_at_is_Unknown_not_ready() =>
        Assert.Equal("Unknown", Conditions.Status(new DynamicObject(new JsonObject { ["metadata"] = new JsonObject() }), "Ready"));

    private static List<string[]> Cells(string noun, DynamicObject seen)
    {
        var view = FleetViews.Find(noun)!;
        return [.. view.Rows(seen).Select(row => view.Columns.Where(column => !column.Wide).Select(column => column.Cell(row, Now)).ToArray())];
    }
}
