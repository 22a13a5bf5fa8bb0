using System.Text.Json.Nodes;
using Fleet.ClusterManager.Credentials.Copies;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Credentials;

public class IdentityCopyPlannerTests
{
    private static readonly ObjectKey Credential = new("team", "aws");

    private static JsonObject Source(string value = "b25l") => (JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"keys","namespace":"kcm-system","uid":"u1","labels":{"a":"b"}},"type":"Opaque","data":{"k":"{{{value}}}"}}
        """)!;

    private static DynamicObject Existing(string labels, string? from = "kcm-system/keys") => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject
        {
            ["name"] = "keys",
            ["namespace"] = "team",
            ["resourceVersion"] = "7",
            ["labels"] = new JsonObject(labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => KeyValuePair.Create($"k0rdent.mirantis.com/{name}", (JsonNode?)"true"))),
            ["annotations"] = from is null ? null : new JsonObject { [IdentityCopyPlanner.CopiedFrom] = from },
        },
        ["type"] = "Opaque",
        ["data"] = new JsonObject { ["k"] = "b25l", ["old"] = "eA==" },
    });

    private static CopyStep Wanted(DynamicObject? existing, string value = "b25l") =>
        IdentityCopyPlanner.Wanted(new(CoreKinds.Secrets, Source(value), new("team", "keys"), existing), Credential);

    [Fact]
    public void What_is_missing_is_made_without_the_labels_of_its_source()
    {
        var step = Wanted(null);
        Assert.Equal(CopyAction.Create, step.Action);
        Assert.Equal("""{"k0rdent.mirantis.com/managed":"true","k0rdent.mirantis.com/credential.team.aws":"true"}""", step.Object!["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal("team", (string?)step.Object["metadata"]!["namespace"]);
        Assert.Equal("""{"k":"b25l"}""", step.Object["data"]!.ToJsonString());
    }

    [Fact]
    public void A_change_of_the_source_arrives_and_what_the_source_lacks_goes()
    {
        var step = Wanted(Existing("credential.team.aws"), "dHdv");
        Assert.Equal(CopyAction.Update, step.Action);
        Assert.Equal("""{"k":"dHdv"}""", step.Object!["data"]!.ToJsonString());
        Assert.Equal("7", (string?)step.Object["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public void A_second_credential_joins_in_and_the_first_stays()
    {
        var labels = (JsonObject)Wanted(Existing("credential.team.other")).Object!["metadata"]!["labels"]!;
        Assert.True(labels.ContainsKey("k0rdent.mirantis.com/credential.team.other") && labels.ContainsKey("k0rdent.mirantis.com/credential.team.aws"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("elsewhere/keys")]
    public void What_is_not_a_copy_of_this_source_is_left_alone(string? from) => Assert.Equal(CopyAction.Keep, Wanted(Existing("", from)).Action);

    [Theory]
    [InlineData("managed credential.team.aws", CopyAction.Delete)]
    [InlineData("managed credential.team.aws credential.team.other", CopyAction.Release)]
    [InlineData("credential.team.aws", CopyAction.Release)]
    [InlineData("managed", CopyAction.Keep)]
    internal void The_last_credential_takes_the_copy_away(string labels, CopyAction action) =>
        Assert.Equal(action, IdentityCopyPlanner.Unwanted(Existing(labels), Credential).Action);

    [Fact]
    public void A_label_is_no_longer_than_Kubernetes_takes_and_stays_unique()
    {
        var one = CredentialLabel.Of(new(new string('n', 40), "a" + new string('c', 40)));
        var other = CredentialLabel.Of(new(new string('n', 40), "a" + new string('c', 41)));
        Assert.NotEqual(one, other);
        Assert.Equal(63, one[(one.IndexOf('/', StringComparison.Ordinal) + 1)..].Length);
    }
}
