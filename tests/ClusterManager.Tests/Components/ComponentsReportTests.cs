using Fleet.ClusterManager.Components;
using Fleet.Contracts.Components;
using Fleet.Helm.Errors;
using static Fleet.ClusterManager.Tests.Components.ComponentExamples;

namespace Fleet.ClusterManager.Tests.Components;

public class ComponentsReportTests
{
    private static ComponentsReport Report(ComponentsFacts facts, params (string Release, ComponentResult Result)[] results) =>
        ComponentsReportFrom.Of(facts, ComponentPlanner.Plan(facts, HelmTimeout), results.ToDictionary(pair => pair.Release, pair => pair.Result));

    [Fact]
    public void All_well()
    {
        var report = Report(Facts(Core().Installed(), Provider().Installed()));
        Assert.True(report.IsInOrder);
        Assert.Equal(["infrastructure-aws", "infrastructure-internal"], report.AvailableProviders);
        // What the core does not follow is no use to anybody.
        Assert.Equal([("v1beta2", "v1beta2")], report.CapiContracts["infrastructure-aws"].Select(pair => (pair.Key, pair.Value)));
        var aws = report.Components[Aws];
        Assert.Equal((true, null, "aws-1"), (aws.Success!.Value, aws.Error, aws.Template));
        Assert.Equal(["infrastructure-aws"], aws.ExposedProviders!);
        Assert.Equal(TimeSpan.FromSeconds(30), report.LookAgain);
    }

    [Fact]
    public void A_failure_is_told_in_helms_words_and_tried_again_when_it_is_time()
    {
        var failure = new HelmException(HelmErrorKind.ReleaseFailed, "admission webhook denied the request");
        var report = Report(Facts(Core()), ("kcm-system/capi", new() { Failure = failure, Retry = TimeSpan.FromSeconds(10) }));
        Assert.Equal(["capi: admission webhook denied the request"], report.Problems);
        Assert.Equal(TimeSpan.FromSeconds(10), report.LookAgain);
        Assert.Equal(("ComponentFailed", true), (Assert.Single(report.Events).Reason, report.Events[0].IsWarning));

        // The same failure is no news.
        var known = Facts(Core()) with { Seen = new ManagementStatus { Components = new() { ["capi"] = new() { Error = failure.Message } } } };
        Assert.Empty(Report(known, ("kcm-system/capi", new() { Failure = failure, Retry = TimeSpan.FromSeconds(10) })).Events);
    }

    [Fact]
    public void A_provider_that_was_available_stays_so_while_it_is_installed()
    {
        var seen = new ManagementStatus { AvailableProviders = ["infrastructure-aws"], CapiContracts = new() { ["infrastructure-aws"] = new() { ["v1beta1"] = "v1beta1" } } };
        var ill = Report(Facts(Core().Installed(), Provider().Installed(Sick("down"))) with { Seen = seen });
        Assert.Equal(["infrastructure-aws", "infrastructure-internal"], ill.AvailableProviders);
        Assert.Equal("v1beta1", ill.CapiContracts["infrastructure-aws"]["v1beta1"]);
        Assert.False(ill.Components[Aws].Success);

        var gone = Report(Facts(Core().Installed(), Provider()) with { Seen = seen });
        Assert.Equal(["infrastructure-internal"], gone.AvailableProviders);
    }

    [Fact]
    public void What_was_just_installed_is_not_called_healthy_before_it_was_seen()
    {
        var report = Report(Facts(Core()), ("kcm-system/capi", new() { HasChanged = true }));
        Assert.Equal(["capi: is installed and not seen healthy yet"], report.Problems);
        Assert.Equal("ComponentInstalled", Assert.Single(report.Events).Reason);
        Assert.True(report.LookAgain < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_component_that_is_still_to_go_is_a_problem_and_no_longer_among_the_components()
    {
        var facts = Facts(Core().Installed()) with { Unwanted = [Present(Aws)] };
        var report = Report(facts, ($"kcm-system/{Aws}", new() { Failure = new HelmException(HelmErrorKind.Timeout, "timed out"), Retry = TimeSpan.FromSeconds(9) }));
        Assert.Equal([$"{Aws}: timed out"], report.Problems);
        Assert.Equal(["capi"], report.Components.Keys);
        Assert.Equal("ComponentRemoved", Assert.Single(Report(facts, ($"kcm-system/{Aws}", new() { HasChanged = true })).Events).Reason);
    }
}
