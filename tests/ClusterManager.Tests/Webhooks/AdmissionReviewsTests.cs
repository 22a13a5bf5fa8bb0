using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;
using Fleet.ClusterManager.Webhooks;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Webhooks;

public class AdmissionReviewsTests
{
    private const string Review = """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"UPDATE","kind":{"group":"k0rdent.mirantis.com","version":"v1beta1","kind":"Region"},
         "name":"eu","object":{"metadata":{"name":"eu"},"spec":{}},"oldObject":{"spec":{"a":1}}}}
        """;

    [Fact]
    public void A_review_becomes_a_change()
    {
        var change = AdmissionReviews.Change(JsonNode.Parse(Review))!;
        Assert.Equal((ManifestOperation.Update, "k0rdent.mirantis.com", "Region", ObjectKey.Cluster("eu")), (change.Operation, change.Group, change.Kind, change.Key));
        Assert.True(change.ChangesSpec);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"request":{"uid":1,"operation":["CREATE"],"kind":{},"object":{}}}""")]
    [InlineData("""{"request":{"uid":"u","operation":"CONNECT","kind":{}}}""")]
    [InlineData("""{"request":{"uid":"u","operation":"CREATE","kind":{}}}""")]
    [InlineData("""{"request":{"operation":"DELETE","kind":{}}}""")]
    public void What_is_no_review_of_a_write_is_told_apart(string body) => Assert.Null(AdmissionReviews.Change(JsonNode.Parse(body)));

    [Fact]
    public void Problems_are_told_as_an_API_server_tells_its_own()
    {
        var status = Answer(new() { Problems = [new("spec.a", "is wrong"), new("spec.b", "is worse")] })["status"]!;
        Assert.Equal((422, "Invalid"), ((int)status["code"]!, (string?)status["reason"]));
        Assert.Equal("Region.k0rdent.mirantis.com \"eu\" is invalid: spec.a: is wrong; spec.b: is worse", (string?)status["message"]);
        Assert.Equal(["spec.a", "spec.b"], status["details"]!["causes"]!.AsArray().Select(cause => (string?)cause!["field"]));
    }

    [Fact]
    public void Refusals_and_doubts_have_codes_of_their_own()
    {
        Assert.Equal((403, "used"), Said(Answer(new() { Refusal = "used" })));
        Assert.Equal((503, "later"), Said(Answer(new() { NotYet = "later" })));
    }

    [Fact]
    public void Warnings_are_passed_on_and_bounded()
    {
        var answer = Answer(new() { Warnings = [.. Enumerable.Repeat(new string('w', 300), 20)] });
        Assert.True((bool)answer["allowed"]!);
        Assert.Equal((16, 256), (answer["warnings"]!.AsArray().Count, ((string?)answer["warnings"]![0])!.Length));
    }

    private static JsonNode Answer(ManifestVerdict verdict)
    {
        var review = JsonNode.Parse(Review)!;
        var answer = AdmissionReviews.Answer(review, AdmissionReviews.Change(review)!, verdict);
        Assert.Equal(("admission.k8s.io/v1", "u"), ((string?)answer["apiVersion"], (string?)answer["response"]!["uid"]));
        return answer["response"]!;
    }

    private static (int, string?) Said(JsonNode response) => ((int)response["status"]!["code"]!, (string?)response["status"]!["message"]);
}
