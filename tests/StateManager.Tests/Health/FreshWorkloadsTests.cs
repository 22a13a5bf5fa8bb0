using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.StateManager.Health;
using Fleet.Testing.Time;

namespace Fleet.StateManager.Tests.Health;

public sealed class FreshWorkloadsTests
{
    private static readonly ReleaseName Release = new("apps", "web");

    private readonly ManualTimeProvider clock = new();
    private readonly FreshWorkloads fresh;

    public FreshWorkloadsTests() => fresh = new FreshWorkloads(clock);

    [Fact]
    public void The_healthy_generation_that_a_late_watch_still_shows_does_not_count()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        Assert.Equal(WorkloadVerdict.Progressing, Health(Healthy(generation: 1)));
    }

    [Fact]
    public void A_workload_that_the_watch_does_not_show_yet_counts()
    {
        fresh.Read(Release, [Sick(generation: 1)]);
        Assert.Equal(WorkloadVerdict.Progressing, Health());
    }

    [Fact]
    public void An_object_of_that_name_from_before_does_not_count()
    {
        fresh.Read(Release, [Sick(generation: 1, uid: "new")]);
        Assert.Equal(WorkloadVerdict.Progressing, Health(Healthy(generation: 7, uid: "old")));
    }

    [Fact]
    public void From_the_same_generation_on_the_watch_counts()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 2)));
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 3)));
    }

    [Fact]
    public void What_the_watch_has_shown_once_is_forgotten_even_when_the_object_goes()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        fresh.Seen(Healthy(generation: 1));
        Assert.Equal(WorkloadVerdict.Progressing, Health());
        fresh.Seen(Healthy(generation: 2));
        Assert.Equal(WorkloadVerdict.Healthy, Health());
    }

    [Fact]
    public void The_end_of_the_object_is_believed_and_that_of_its_predecessor_is_not()
    {
        fresh.Read(Release, [Sick(generation: 1, uid: "new")]);
        fresh.Gone(Healthy(generation: 9, uid: "old"));
        Assert.Equal(WorkloadVerdict.Progressing, Health());
        fresh.Gone(Healthy(generation: 1, uid: "new"));
        Assert.Equal(WorkloadVerdict.Healthy, Health());
    }

    [Fact]
    public void After_a_minute_what_was_read_is_the_older_news()
    {
        fresh.Read(Release, [Sick(generation: 2)]);
        clock.Advance(FreshWorkloads.Trusted);
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 1)));
    }

    [Fact]
    public void Other_releases_are_not_touched()
    {
        fresh.Read(new("apps", "other"), [Sick(generation: 2)]);
        Assert.Equal(WorkloadVerdict.Healthy, Health(Healthy(generation: 1)));
    }

    private WorkloadVerdict Health(params Workload[] watched) => ReleaseHealth.Of(fresh.Over(Release, watched)).Verdict;

    private static Workload Healthy(long generation, string uid = "u") => Workload(WorkloadVerdict.Healthy, generation, uid);

    private static Workload Sick(long generation, string uid = "u") => Workload(WorkloadVerdict.Progressing, generation, uid);

    private static Workload Workload(WorkloadVerdict verdict, long generation, string uid) =>
        new(Release, new WorkloadId("Deployment", new("apps", "web"), uid, generation), verdict, verdict == WorkloadVerdict.Healthy ? "" : "Deployment apps/web: no");
}
