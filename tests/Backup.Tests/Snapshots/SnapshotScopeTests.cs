using System.Text.Json.Nodes;
using Fleet.Backup.Snapshots;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Tests.Snapshots;

public sealed class SnapshotScopeTests
{
    [Theory]
    [InlineData("k0rdent.mirantis.com", true)]
    [InlineData("cluster.x-k8s.io", true)]
    [InlineData("infrastructure.cluster.x-k8s.io", true)]
    [InlineData("controlplane.cluster.x-k8s.io", true)]
    [InlineData("ipam.cluster.x-k8s.io", true)]
    [InlineData("source.toolkit.fluxcd.io", true)]
    [InlineData("provider.example.org", true)]
    [InlineData("notcluster.x-k8s.io", false)]
    [InlineData("apps", false)]
    [InlineData("", false)]
    public void Groups_of_Fleet_Cluster_API_its_providers_and_sources_are_taken(string group, bool expected) =>
        Assert.Equal(expected, SnapshotScope.Holds(group, new HashSet<string> { "provider.example.org" }));

    [Fact]
    public void A_kind_is_taken_once_and_only_where_it_can_be_listed_and_made()
    {
        ApiResource[] served =
        [
            Row("v1beta2", "Cluster", "clusters", "list", "create") with { IsPreferred = true },
            Row("v1beta1", "Cluster", "clusters", "list", "create"),
            Row("v1beta1", "Older", "olders", "list", "create"),
            Row("v1beta2", "Review", "reviews", "create"),
        ];
        Assert.Equal(["clusters.v1beta2.cluster.x-k8s.io", "olders.v1beta1.cluster.x-k8s.io"], SnapshotScope.Of(served, new HashSet<string>()).Select(row => row.Kind.ToString()));
    }

    [Theory]
    [InlineData("cluster.x-k8s.io/provider", "provider.example.org")]
    [InlineData("cluster.x-k8s.io/v1beta1", "provider.example.org")]
    [InlineData("app", null)]
    public void A_provider_is_known_by_the_labels_that_its_contract_asks_for(string label, string? expected)
    {
        var definition = new DynamicObject(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "x", ["labels"] = new JsonObject { [label] = "y" } }, ["spec"] = new JsonObject { ["group"] = "provider.example.org" },
        });
        Assert.Equal(expected, SnapshotScope.ProviderGroupOf(definition));
    }

    private static ApiResource Row(string version, string kind, string plural, params string[] verbs) => new(new("cluster.x-k8s.io", version, kind, plural, Namespaced: true)) { Verbs = verbs };
}
