using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Applying;
using Fleet.Observability.Recommendations.Storage;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class NightScheduleTests
{
    [Fact]
    public void A_night_is_an_object_for_people_with_the_hours_and_pods_of_the_recommendation() => Assert.Equal(
        """
        {"apiVersion":"keda.sh/v1alpha1","kind":"ScaledObject","metadata":{"name":"web","namespace":"shop"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"minReplicaCount":1,"maxReplicaCount":4,"triggers":[{"type":"cron","metadata":{"timezone":"Etc/UTC","start":"0 8 * * *","end":"0 20 * * *","desiredReplicas":"4"}}]}}
        """,
        NightSchedule.Of("shop", Night("Deployment"))!.ToJsonString());

    [Theory]
    [InlineData("ClusterDeployment")]
    [InlineData("DaemonSet")]
    public void What_has_no_pods_of_its_own_has_no_object(string kind) => Assert.Null(NightSchedule.Of("shop", Night(kind)));

    private static RecommendationBody Night(string kind) => new(
        kind, "web", null, "", new() { ["replicas"] = 4 }, new() { ["replicas"] = 1, ["from"] = "20:00", ["to"] = "08:00", ["timeZone"] = "UTC" }, [], MonthlySaving.OfRequests(null, ""), []);
}
