using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health;
using Fleet.Testing.Time;

namespace Fleet.StateManager.Tests.Health;

public sealed class FreshObjectsTests
{
    private static readonly ReleaseName Release = new("apps", "web");
    private static readonly ResourceKind Deployments = new("apps", "v1", "Deployment", "deployments", true);

    private readonly ManualTimeProvider clock = new();
    private readonly FreshObjects fresh;

    public FreshObjectsTests() => fresh = new FreshObjects(clock);

    [Fact]
    public void The_healthy_generation_that_a_late_watch_still_shows_does_not_count()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        Assert.Equal(WorkloadVerdict.Progressing, Health(Healthy(generation: 1)));
    }

    [Fact]
    public void An_object_of_that_name_from_before_does_not_count()
    {
        fresh.Read(Release, [Sick(generation: 1, uid: "new")]);
        Assert.Equal(WorkloadVerdict.Progressing, Health(Healthy(generation: 7, uid: "old")));
    }

    [Fact]
    public void From_the_same_generation_on_the_watch_counts_and_what_was_read_is_forgotten()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 3)));
        Assert.Equal(WorkloadVerdict.Healthy, Health());
        fresh.Read(Release, [Sick(generation: 2)]);
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 2)));
    }

    [Fact]
    public void After_a_minute_what_was_read_is_the_older_news()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        clock.Advance(FreshObjects.Trusted);
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 1)));
    }

    [Fact]
    public void A_later_upgrade_replaces_what_was_read_and_other_releases_are_not_touched()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        fresh.Read(new("apps", "other"), [Sick(generation: 9)]);
        fresh.Read(Release, []);
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 1)));
    }

    private WorkloadVerdict Health(params ObjectHealth[] watched) => ReleaseHealth.Of(fresh.Over(Release, watched)).Verdict;

    private static ObjectHealth Healthy(long generation, string uid = "u") => new(Deployments, new("apps", "web"), uid, generation, WorkloadVerdict.Healthy, "");

    private static ObjectHealth Sick(long generation, string uid = "u") => new(Deployments, new("apps", "web"), uid, generation, WorkloadVerdict.Progressing, "no");
}
