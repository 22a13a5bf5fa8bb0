using Fleet.ClusterManager.Components;
using Fleet.ClusterManager.Managements;
using Fleet.Contracts;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.ClusterManager.Tests.Components;
using Management = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Components.ManagementSpec, Fleet.Contracts.Components.ManagementStatus>;
using Release = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Releases.ReleaseSpec, Fleet.Contracts.Releases.ReleaseStatus>;

namespace Fleet.ClusterManager.Tests.Managements;

public class ManagementGateTests
{
    private static readonly ComponentsReport Well = new() { Components = new Dictionary<string, ComponentStatus>(), AvailableProviders = [], CapiContracts = new Dictionary<string, Dictionary<string, string>>(), Problems = [], LookAgain = TimeSpan.Zero };

    private static ManagementFacts Facts(string? installed = null, Release? release = null) => new()
    {
        Object = new Management { Metadata = new() { Name = "kcm", Generation = 4, Annotations = [] }, Spec = new() { Release = "fleet-1" }, Status = installed is null ? null : new() { Release = installed } },
        Release = release ?? ComponentExamples.Release,
    };

    private static Release Unready(long? observed, bool ready) => new()
    {
        Metadata = new() { Name = "fleet-1", Generation = 2 }, Spec = ComponentExamples.Release.Spec,
        Status = new() { ObservedGeneration = observed, Ready = ready, Conditions = [Condition.False(new("TemplatesCreated"), Reason.Failed, "missing ProviderTemplates: x")] },
    };

    [Fact]
    public void The_reasons_are_upstreams()
    {
        Assert.Equal(ComponentsConditions.ReleaseIsNotFound, ManagementGate.Of(Facts() with { Release = null })!.Reason);
        Assert.Equal(ComponentsConditions.ReleaseIsNotObserved, ManagementGate.Of(Facts(release: Unready(1, true)))!.Reason);
        var unready = ManagementGate.Of(Facts(release: Unready(2, false)))!;
        Assert.Equal((ComponentsConditions.ReleaseIsNotReady, "Release fleet-1 is not ready: missing ProviderTemplates: x"), (unready.Reason, unready.Message));
        Assert.Equal(ComponentsConditions.HasIncompatibleContracts, ManagementGate.Of(Facts() with { Incompatible = ["a", "b"] })!.Reason);
        Assert.Null(ManagementGate.Of(Facts()));
    }

    [Theory]
    [InlineData(null, null, "Progressing", true)]
    [InlineData("InProgress", null, "Progressing", true)]
    [InlineData("PartiallyFailed", null, "Failed", true)]
    [InlineData(null, "no storage location", "Failed", true)]
    [InlineData("Completed", null, "Succeeded", false)]
    public void An_upgrade_waits_for_its_backups(string? phase, string? error, string reason, bool waits)
    {
        var facts = Facts("fleet-0") with { Backups = [new("daily-fleet-0", "daily") { Exists = true, Phase = phase, Error = error }] };
        Assert.Equal(reason, ManagementGate.Backup(facts)!.Reason.Value);
        Assert.Equal(waits, ManagementGate.Of(facts) is { } gate && gate.Reason == ComponentsConditions.NotAllComponentsHealthy);
        Assert.Equal(waits ? "fleet-0" : "fleet-1", ManagementConditionsFrom.Status(facts, ManagementGate.Of(facts), Well).Release);
    }

    [Fact]
    public void Only_an_upgrade_waits_and_only_one_is_let_through_without()
    {
        UpgradeBackup[] open = [new("daily-fleet-0", "daily")];
        Assert.Null(ManagementGate.Of(Facts() with { Backups = open }));
        Assert.Null(ManagementGate.Of(Facts("fleet-1") with { Backups = open }));
        var upgrade = Facts("fleet-0") with { Backups = open };
        upgrade.Object.Metadata.Annotations![FleetAnnotations.SkipUpgradeBackup] = "fleet-0";
        Assert.NotNull(ManagementGate.Of(upgrade));
        upgrade.Object.Metadata.Annotations[FleetAnnotations.SkipUpgradeBackup] = "fleet-1";
        Assert.Null(ManagementGate.Of(upgrade));
    }

    [Fact]
    public void Ready_tells_what_else_the_release_has_and_what_is_not_in_order()
    {
        var ready = ManagementConditionsFrom.All(Facts(), null, Well)[^1];
        Assert.Equal(
            "All components are healthy. Release fleet-1 also has cluster-api-provider-aws, projectsveltos: to install one add \"- name: cluster-api-provider-aws\" to spec.providers", ready.Message);
        Assert.Equal((ConditionStatus.True, ComponentsConditions.AllComponentsHealthy, 4L), (ready.Status, ready.Reason, ready.ObservedGeneration!.Value));

        var ill = ManagementConditionsFrom.All(Facts(), null, Well with { Problems = ["capi: down", "aws: waits for capi"] })[^1];
        Assert.Equal((ComponentsConditions.NotAllComponentsHealthy, "capi: down. aws: waits for capi"), (ill.Reason, ill.Message));
        Assert.Null(ManagementConditionsFrom.Status(Facts(), null, Well with { Problems = ["capi: down"] }).Release);
    }
}
