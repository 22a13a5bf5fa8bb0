using Fleet.Cli.Commands.Adoption;

namespace Fleet.Cli.Tests;

public sealed class AdoptionManifestsTests
{
    private readonly AdoptionManifests manifests = new(new("team", "old"));

    [Fact]
    public void A_secret_a_credential_and_a_cluster_that_refer_to_each_other()
    {
        var objects = manifests.Of("adopted-cluster-0-1-0", "THE KUBECONFIG").ToList();
        Assert.Equal(["Secret", "Credential", "ClusterDeployment"], objects.Select(one => (string?)one["kind"]));
        Assert.All(objects, one => Assert.Equal("team", (string?)one["metadata"]!["namespace"]));
        Assert.Equal("THE KUBECONFIG", (string?)objects[0]["stringData"]!["value"]);
        var reference = objects[1]["spec"]!["identityRef"]!;
        Assert.Equal(((string?)objects[0]["metadata"]!["name"], "team", "Secret"), ((string?)reference["name"], (string?)reference["namespace"], (string?)reference["kind"]));
        Assert.Equal(((string?)objects[1]["metadata"]!["name"], "adopted-cluster-0-1-0"), ((string?)objects[2]["spec"]!["credential"], (string?)objects[2]["spec"]!["template"]));
        Assert.DoesNotContain("THE KUBECONFIG", string.Concat(objects.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_is_known_keeps_its_template_when_its_kubeconfig_is_renewed() =>
        Assert.Equal(["Secret", "Credential"], manifests.Of(null, "renewed").Select(one => (string?)one["kind"]));
}
