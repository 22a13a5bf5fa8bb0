using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts.References;

namespace Fleet.ClusterManager.Tests.Clusters;

public class ClusterValuesTests
{
    private static readonly ObjectReference Identity = new() { ApiVersion = "v1", Kind = "Secret", Name = "id", Namespace = "org" };

    public static TheoryData<string?, string?, string> Cases => new()
    {
        { null, null, """{"clusterIdentity":{"apiVersion":"v1","kind":"Secret","name":"id","namespace":"org"}}""" },
        { "{}", null, """{"clusterIdentity":{"apiVersion":"v1","kind":"Secret","name":"id","namespace":"org"}}""" },
        { "null", null, """{"clusterIdentity":{"apiVersion":"v1","kind":"Secret","name":"id","namespace":"org"}}""" },
        {
            """{"clusterIdentity":{"name":"mine"},"region":"eu"}""", null,
            """{"clusterIdentity":{"apiVersion":"v1","kind":"Secret","name":"id","namespace":"org"},"region":"eu"}"""
        },
        {
            """{"region":"eu"}""", "env",
            """{"region":"eu","clusterIdentity":{"apiVersion":"v1","kind":"Secret","name":"id","namespace":"org"},"clusterLabels":{"env":"x"}}"""
        },
        {
            """{"clusterLabels":{}}""", "env",
            """{"clusterLabels":{},"clusterIdentity":{"apiVersion":"v1","kind":"Secret","name":"id","namespace":"org"}}"""
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Identity_is_overwritten_and_labels_are_used_where_the_user_has_none(string? config, string? label, string expected)
    {
        var cluster = ClusterExamples.Cluster(c =>
        {
            c.Spec.Config = config is null ? null : JsonNode.Parse(config);
            c.Metadata.Labels = label is null ? null : new() { [label] = "x" };
        });
        Assert.Equal(expected, ClusterValues.Of(cluster, Identity, new Dictionary<string, string>(), new([])).ToJsonString());
    }

    [Fact]
    public void Global_values_replace_the_users_only_when_there_are_any()
    {
        var cluster = ClusterExamples.Cluster(c => c.Spec.Config = JsonNode.Parse("""{"global":{"registry":"mine"}}"""));
        Assert.Equal("""{"global":{"registry":"mine"}}""", ClusterValues.Of(cluster, null, new Dictionary<string, string>(), new([])).ToJsonString());
        Assert.Equal(
            """{"global":{"k0sURL":"u"}}""", ClusterValues.Of(cluster, null, new Dictionary<string, string> { ["k0sURL"] = "u" }, new([])).ToJsonString());
    }

    [Fact]
    public void A_cluster_scoped_identity_has_no_namespace()
    {
        var values = ClusterValues.Of(ClusterExamples.Cluster(), Identity with { Namespace = null }, new Dictionary<string, string>(), new([]));
        Assert.False(((JsonObject)values["clusterIdentity"]!).ContainsKey("namespace"));
    }
}
