using Fleet.ClusterManager.Components;
using Fleet.Contracts;
using Fleet.Control.Health;
using static Fleet.ClusterManager.Tests.Components.ComponentExamples;

namespace Fleet.ClusterManager.Tests.Components;

public class ComponentPlannerTests
{
    private static IReadOnlyList<ComponentStep> Steps(ComponentsFacts facts) => ComponentPlanner.Plan(facts, HelmTimeout).Steps;

    private static string Told(ComponentStep step) => $"{step.Action}: {step.Why}";

    [Fact]
    public void What_depends_on_a_component_waits_until_that_is_in_order()
    {
        Assert.Equal(["Install: ", "Wait: waits for capi"], Steps(Facts(Core(), Provider())).Select(Told));
        Assert.Equal(["Keep: a pod is not ready", "Wait: waits for capi"], Steps(Facts(Core().Installed(Sick("a pod is not ready")), Provider())).Select(Told));
        Assert.Equal(["Keep: ", "Install: "], Steps(Facts(Core().Installed(), Provider())).Select(Told));
    }

    [Fact]
    public void What_is_installed_runs_on_while_what_it_depends_on_is_ill()
    {
        var steps = Steps(Facts(Core().Installed(Sick("down")), Provider().Installed()));
        Assert.Equal([(ComponentAction.Keep, false), (ComponentAction.Keep, true)], steps.Select(step => (step.Action, step.IsInOrder)));
    }

    [Fact]
    public void A_release_carries_what_it_is_found_and_told_apart_by()
    {
        var step = Steps(Facts(Core()))[0];
        Assert.Equal(
            [("fleet-component", "capi"), ("fleet-fingerprint", step.Fingerprint), ("fleet-owner", "uid-1"), ("fleet-template", "capi-1")],
            step.Options.Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        Assert.False(step.Options.Atomic);
        Assert.False(step.Options.Wait);
    }

    [Theory]
    [InlineData("failed", null, "None")]
    [InlineData("pending-upgrade", null, "Repeat")]
    [InlineData("pending-upgrade", "other", "GoBack")]
    public void A_release_that_failed_or_was_cut_off_is_installed_again(string status, string? fingerprint, string recovery)
    {
        var step = Steps(Facts(Core().Installed(status: status, fingerprint: fingerprint)))[0];
        Assert.Equal((ComponentAction.Install, recovery), (step.Action, step.Recovery.ToString()));
    }

    [Fact]
    public void Other_values_or_another_chart_are_an_upgrade()
    {
        var installed = Core().Installed();
        Assert.Equal(ComponentAction.Install, Steps(Facts(installed with { Chart = Chart("capi", "sha256:2") }))[0].Action);
        Assert.Equal(ComponentAction.Install, Steps(Facts(installed with { Wanted = installed.Wanted with { Values = new() { ["a"] = 1 } } }))[0].Action);
    }

    [Fact]
    public void An_object_that_somebody_deleted_is_made_again()
    {
        var health = new ComponentHealth(WorkloadVerdict.Progressing, "Deployment a/b is not there") { HasMissing = true };
        Assert.Equal("Install: Deployment a/b is not there", Told(Steps(Facts(Core().Installed(health)))[0]));
    }

    [Fact]
    public void A_template_that_cannot_be_used_is_waited_for()
    {
        Assert.Equal("Wait: ProviderTemplate capi-1 not found", Told(Steps(Facts(Core() with { Template = null, Chart = null }))[0]));
        var invalid = Template("capi-1");
        invalid.Status!.Valid = false;
        invalid.Status.ValidationError = "no such chart";
        Assert.Equal("Wait: ProviderTemplate capi-1 is not marked as valid: no such chart", Told(Steps(Facts(Core() with { Template = invalid, Chart = null }))[0]));
        invalid.Status.ObservedGeneration = null;
        Assert.Equal("Wait: ProviderTemplate capi-1 is being checked", Told(Steps(Facts(Core() with { Template = invalid, Chart = null }))[0]));
        Assert.Equal("Wait: the repository does not answer", Told(Steps(Facts(Core() with { Chart = null, ChartProblem = "the repository does not answer" }))[0]));
    }

    [Fact]
    public void A_template_without_a_chart_states_what_is_there_already()
    {
        var template = Template("fleet-1");
        template.Spec.Helm = null;
        var step = Steps(Facts(Core() with { Template = template, Chart = null }))[0];
        Assert.Equal((ComponentAction.Keep, true), (step.Action, step.IsInOrder));
    }

    [Fact]
    public void A_release_of_somebody_else_is_left_alone_until_it_may_be_taken_over()
    {
        var step = Steps(Facts(Core() with { IsForeign = true }))[0];
        Assert.Equal(ComponentAction.Hold, step.Action);
        Assert.Contains(FleetAnnotations.TakeOver, step.Why, StringComparison.Ordinal);

        var taking = Facts(Core()) with { Target = Target((FleetAnnotations.TakeOver, "true")) };
        Assert.True(Steps(taking)[0].Options.Install.TakeOwnership);
        // The annotation is no reason to upgrade what is there.
        Assert.Equal(Steps(Facts(Core()))[0].Fingerprint, Steps(taking)[0].Fingerprint);
    }

    [Fact]
    public void What_is_not_wanted_any_more_goes_unless_clusters_need_it()
    {
        var aws = Present(Aws) with { Providers = ["infrastructure-aws"] };
        Assert.Equal("Uninstall: ", Told(Steps(Facts() with { Unwanted = [aws] })[0]));
        Assert.True(Steps(Facts() with { Unwanted = [aws] })[0].Options.Wait);

        var used = Facts() with { Unwanted = [aws], Users = new Dictionary<string, IReadOnlyList<string>> { ["infrastructure-aws"] = ["org/web"] } };
        Assert.Equal("Hold: is to be removed, and ClusterDeployments need it: org/web", Told(Steps(used)[0]));
        // Another component brings the same.
        Assert.Equal(ComponentAction.Uninstall, Steps(used with { Wanted = [Provider()] })[1].Action);
    }

    [Fact]
    public void Nothing_is_changed_while_everything_is_held()
    {
        var facts = Facts(Core().Installed(Sick("down"), fingerprint: "other"), Provider()) with { HeldBy = "Release x not found", Unwanted = [Present("gone")] };
        Assert.Equal(
            ["Keep: down", "Wait: is not installed; Release x not found", "Wait: is to be removed; Release x not found"], Steps(facts).Select(Told));
    }

    [Fact]
    public void Removal_goes_backwards_and_the_manager_stays()
    {
        InstalledComponent[] all = [Present("kcm"), Present("kcm-regional"), Present("capi"), Present(Aws), Present("projectsveltos")];
        Assert.Equal([Aws, "projectsveltos"], ComponentRemoval.Next(all).Steps.Select(step => step.Name));
        Assert.Equal(["capi"], ComponentRemoval.Next(all[..3]).Steps.Select(step => step.Name));
        Assert.Equal(["kcm-regional"], ComponentRemoval.Next(all[..2]).Steps.Select(step => step.Name));
        Assert.Empty(ComponentRemoval.Next(all[..1]).Steps);
    }
}
