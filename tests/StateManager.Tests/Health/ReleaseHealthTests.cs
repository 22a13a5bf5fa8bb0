using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health;

namespace Fleet.StateManager.Tests.Health;

public sealed class ReleaseHealthTests
{
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);
    private static readonly ResourceKind DaemonSets = new("apps", "v1", "DaemonSet", "daemonsets", true);

    [Fact]
    public void It_is_that_of_the_worst_and_names_at_most_three()
    {
        var health = ReleaseHealth.Of(
        [
            Object(Deployments, "well", WorkloadVerdict.Healthy, ""),
            .. Enumerable.Range(1, 4).Select(i => Object(Deployments, $"{i}", WorkloadVerdict.Progressing, "no")),
            Object(DaemonSets, "z", WorkloadVerdict.Failed, "dead"),
        ]);
        Assert.Equal(WorkloadVerdict.Failed, health.Verdict);
        Assert.Equal("DaemonSet a/z: dead; Deployment a/1: no; Deployment a/2: no; and 2 more", health.Message);
        Assert.Equal(
            [new("DaemonSet", "1 DaemonSet unhealthy: a/z (dead)"), new("Deployment", "4 Deployment unhealthy: a/1 (no); a/2 (no); a/3 (no); and 1 more")],
            health.Kinds);
    }

    [Fact]
    public void A_custom_rule_is_named_and_an_object_counts_once()
    {
        var sick = Object(Deployments, "web", WorkloadVerdict.Progressing, "no");
        var health = ReleaseHealth.Of([sick, sick with { Why = "too few", Rule = "kcm-system/strict#1" }]);
        Assert.Equal("1 Deployment unhealthy: a/web (no); a/web (too few, rule kcm-system/strict#1)", Assert.Single(health.Kinds).Message);
    }

    [Fact]
    public void Kinds_of_the_same_name_share_a_condition()
    {
        var advanced = new ResourceKind("apps.kruise.io", "v1beta1", "DaemonSet", "daemonsets", true);
        var health = ReleaseHealth.Of([Object(DaemonSets, "a", WorkloadVerdict.Progressing, "no"), Object(advanced, "a", WorkloadVerdict.Progressing, "no")]);
        Assert.StartsWith("2 DaemonSet unhealthy", Assert.Single(health.Kinds).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_not_been_seen_makes_it_partial()
    {
        Assert.True(ReleaseHealth.Of([], isPartial: true).IsPartial);
        Assert.False(ReleaseHealth.Of([]).IsPartial);
        Assert.Equal(WorkloadVerdict.Failed, ReleaseHealth.Of([Object(Deployments, "a", WorkloadVerdict.Failed, "dead")], isPartial: true).Verdict);
    }

    private static ObjectHealth Object(ResourceKind kind, string name, WorkloadVerdict verdict, string why) => new(kind, new("a", name), "u", 1, verdict, why);
}
