using Fleet.Contracts.Api;
using Fleet.Helm.Releases;
using Fleet.StateManager.Holds;
using Fleet.StateManager.Previews;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Tests.ServiceSets;

namespace Fleet.StateManager.Tests.Previews;

/// <summary>What the planner decides, in words.</summary>
public sealed class StepViewsTests
{
    [Fact]
    public void Every_step_says_why()
    {
        var other = Given.Source(values: """{"replicas":2}""");
        Assert.Equal((ServiceStepActions.Install, "the cluster has no such release"), Step(Given.Service()));
        Assert.Equal((ServiceStepActions.None, null), Step(Given.InPlace()));
        Assert.Equal((ServiceStepActions.Upgrade, "chart, values or options are not those of revision 3"), Step(Given.InPlace() with { Source = other }));
        Assert.Equal((ServiceStepActions.Upgrade, "somebody else has made revision 5; Fleet's is 3"), Step(Given.InPlace() with { Record = new ReleaseRecord(5, ReleaseState.Deployed) }));
        Assert.Equal((ServiceStepActions.Upgrade, "revision 3 is failed"), Step(Given.InPlace() with { Record = new ReleaseRecord(3, ReleaseState.Failed) }));
        Assert.Equal((ServiceStepActions.Upgrade, "revision 4 was cut off and is pending-upgrade"), Step(Given.InPlace() with { Record = new ReleaseRecord(4, ReleaseState.PendingUpgrade) }));
        Assert.Equal((ServiceStepActions.Uninstall, "it is no longer declared"), Step(Given.InPlace() with { Wanted = null }));
        Assert.Equal((ServiceStepActions.Wait, "no such template"), Step(Given.Service(source: new ServiceSource.Blocked("no such template", false))));
        var (action, reason) = Step(Given.InPlace() with { Hold = new ServiceHold { Revision = 2, By = "alice" } });
        Assert.Equal(ServiceStepActions.Rollback, action);
        Assert.StartsWith("held at revision 2 by alice", reason, StringComparison.Ordinal);
        (action, reason) = Step(Given.InPlace() with { Hold = new ServiceHold { By = "bob" }, Source = other });
        Assert.Equal(ServiceStepActions.Wait, action);
        Assert.StartsWith("paused by bob", reason, StringComparison.Ordinal);
    }

    private static (string Action, string? Reason) Step(ServiceFacts service)
    {
        var set = Given.Set(service);
        var view = StepViewsFrom.Of(set.Object, Assert.Single(ServiceSetPlanner.Plan(set, Given.Now).Services));
        Assert.Equal(("applications-web", "nginx-web", "prod"), (view.ServiceNamespace, view.Name, view.ServiceSet));
        return (view.Action, view.Reason);
    }
}
