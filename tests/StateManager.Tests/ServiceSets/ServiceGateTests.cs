using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Helm.Releases;
using Fleet.StateManager.Policies;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.ServiceSets;

public sealed class ServiceGateTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"continueOnError":true}""")]
    [InlineData("""{"stopOnConflict":false}""")]
    public void Without_the_flags_a_service_that_fails_or_belongs_to_others_stops_no_other(string config) =>
        Assert.Equal(["a Keep Failed", "b Keep Failed", "c Upgrade Provisioning"], Plan(config, Failing("a"), Owned("b"), New("c")));

    [Fact]
    public void Behind_a_release_of_another_set_nothing_is_begun()
    {
        Assert.Equal(
            ["a Upgrade Provisioning", "b Keep Failed", "c Keep Pending not begun: stopOnConflict is set, and release apps/b is managed by ServiceSet other already"],
            Plan("""{"stopOnConflict":true}""", New("a"), Owned("b"), New("c")));
        // What fails is no conflict.
        Assert.Equal(["a Keep Failed", "b Upgrade Provisioning"], Plan("""{"stopOnConflict":true}""", Failing("a"), New("b")));
    }

    [Fact]
    public void Services_are_taken_one_after_the_other_and_none_behind_one_that_fails()
    {
        const string Config = """{"continueOnError":false}""";
        Assert.Equal(
            ["a Upgrade Provisioning", "b Keep Pending not begun: apps/a comes first, as continueOnError is false", "c Keep Pending not begun: apps/a comes first, as continueOnError is false"],
            Plan(Config, New("a"), New("b"), New("c")));
        Assert.Equal(
            ["a Keep Deployed", "b Keep Failed", "c Keep Pending not begun: continueOnError is false, and apps/b is Failed: no such image"],
            Plan(Config, Running("a"), Failing("b"), New("c")));
        Assert.Equal(
            ["a Keep Pending", "b Keep Pending not begun: continueOnError is false, and apps/a is Pending: ServiceTemplate t does not exist"],
            Plan(Config, New("a") with { Source = new ServiceSource.Blocked("ServiceTemplate t does not exist", false) }, New("b")));
        // What another set owns is no error, what is not healthy has been installed.
        Assert.Equal(["a Keep Failed", "b Upgrade Provisioning"], Plan(Config, Owned("a"), New("b")));
        Assert.Equal(
            ["a Keep Provisioning", "b Upgrade Provisioning"],
            Plan(Config, Running("a") with { Health = new(Control.Health.WorkloadVerdict.Progressing, "0/1 ready") }, New("b")));
    }

    [Fact]
    public void What_runs_stays_what_goes_goes_and_policies_neither_stop_nor_wait()
    {
        var gone = Running("c") with { Wanted = null };
        var policies = New("set-policies");
        policies = policies with { Wanted = policies.Wanted! with { Template = PolicyRelease.Template } };
        Assert.Equal(
            ["a Keep Failed", "b Keep Deployed", "c Uninstall Deleting", "set-policies Upgrade Provisioning"],
            Plan("""{"continueOnError":false}""", Failing("a"), Running("b"), gone, policies));
        Assert.Equal(["set-policies Upgrade Provisioning", "b Upgrade Provisioning"], Plan("""{"continueOnError":false}""", policies, New("b")));
    }

    /// <summary>Name, action, state, and why it is not begun.</summary>
    private static IEnumerable<string> Plan(string config, params ServiceFacts[] services)
    {
        var set = Given.Set(services[0]) with { Services = services };
        set.Object.Spec.Provider.Config = JsonNode.Parse(config);
        return ServiceSetPlanner.Plan(set, Given.Now).Services.Select(planned =>
            $"{planned.Release.Name} {planned.Action} {planned.State}{(planned.Message?.StartsWith("not begun", StringComparison.Ordinal) == true ? $" {planned.Message}" : "")}");
    }

    private static ServiceFacts New(string name) => Given.Service() with
    {
        Release = new("apps", name), Wanted = new PlacedService { Name = name, Namespace = "apps", Template = "t" },
    };

    private static ServiceFacts Owned(string name) => New(name) with { OwnedBy = "other" };

    private static ServiceFacts Failing(string name)
    {
        var service = New(name);
        return service with { Last = Last(name, ServiceStates.Failed) with { FailureMessage = "no such image" }, Attempts = new(Fingerprint(service), 1, Given.Now + TimeSpan.FromMinutes(1)) };
    }

    private static ServiceFacts Running(string name)
    {
        var service = New(name);
        return service with { Last = Last(name, ServiceStates.Deployed) with { LastDeployedHash = $"{Fingerprint(service)}@1" }, Record = new ReleaseRecord(1, ReleaseState.Deployed) };
    }

    private static ServiceState Last(string name, string state) => Given.Last(state) with { Name = name, Namespace = "apps" };

    private static string Fingerprint(ServiceFacts service)
    {
        var source = (ServiceSource.Found)service.Source;
        return Helm.Values.ReleaseFingerprint.Of(source.Chart.Digest, source.Values, source.Options, service.Release, Given.ClusterUid);
    }
}
