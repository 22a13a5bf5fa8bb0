using System.Text.Json;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts;
using Fleet.Contracts.Upgrades;
using static Fleet.ClusterManager.Tests.Upgrades.UpgradeExamples;

namespace Fleet.ClusterManager.Tests.Upgrades;

public class UpgradePlannerTests
{
    [Fact]
    public void Nothing_changes_when_the_objects_are_the_same()
    {
        var plan = UpgradePlanner.Plan(Facts(Rendered(), Rendered()));
        Assert.False(plan.HasChanges);
        Assert.Equal("no changes", plan.Summary);
        Assert.Empty(plan.Rollouts);
        Assert.Empty(plan.Blockers);
    }

    [Fact]
    public void A_new_version_rolls_the_control_plane_and_then_the_workers()
    {
        var plan = UpgradePlanner.Plan(Facts(Rendered(), Rendered("v1.34.0")));
        Assert.Empty(plan.Blockers);
        Assert.Equal(["KubeadmControlPlane web-cp", "MachineDeployment web-md"], plan.Changed.Select(item => $"{item.Kind} {item.Name}"));
        var version = Assert.Single(plan.Changed[0].Fields);
        Assert.Equal(("spec.version", "v1.33.1", "v1.34.0"), (version.Path, (string?)version.From, (string?)version.To));
        Assert.Equal(
            [("ControlPlane", true, 3, false, "version v1.33.1 → v1.34.0", "1"), ("Workers", true, 2, true, "version v1.33.1 → v1.34.0", "2")],
            plan.Rollouts.Select(r => (r.Role, r.Rolls, r.MachinesWanted!.Value, r.AfterControlPlane, r.Reasons.Single(), r.MaxSurge!)));
        Assert.Equal("would change 2 objects; roll 3 control plane machines of web-cp, roll 2 worker machines of web-md", plan.Summary);
    }

    [Fact]
    public void A_template_with_a_new_name_replaces_the_one_that_its_users_named_before()
    {
        var plan = UpgradePlanner.Plan(Facts(Rendered(), Rendered(instance: "m5-large")));
        var replaced = Assert.Single(plan.Replaced);
        Assert.Equal(("web-m5-large", "web-t3-small"), (replaced.Name, replaced.Replaces));
        Assert.Equal("spec.template.spec.instanceType", Assert.Single(replaced.Fields).Path);
        Assert.Empty(plan.Created);
        Assert.Empty(plan.Removed);
        var rollout = Assert.Single(plan.Rollouts);
        Assert.Equal(("Workers", true, false), (rollout.Role, rollout.Rolls, rollout.AfterControlPlane));
        Assert.Equal("AWSMachineTemplate web-t3-small → web-m5-large", Assert.Single(rollout.Reasons));
    }

    [Fact]
    public void A_template_that_changes_under_its_name_is_refused_by_providers()
    {
        var to = Rendered().Select(item => item.Kind == "AWSMachineTemplate" ? Rendered(instance: "m5-large")[1] with { } : item).ToList();
        to[1].Root["metadata"]!["name"] = "web-t3-small";
        var plan = UpgradePlanner.Plan(Facts(Rendered(), to));
        Assert.Equal(PlanRules.ImmutableTemplate, Assert.Single(plan.Blockers).Rule);
    }

    [Fact]
    public void Another_number_of_workers_only_scales()
    {
        var plan = UpgradePlanner.Plan(Facts(Rendered(), Rendered(replicas: 5)));
        var rollout = Assert.Single(plan.Rollouts);
        Assert.Equal((false, 2, 5), (rollout.Rolls, rollout.Machines!.Value, rollout.MachinesWanted!.Value));
        Assert.Equal("would change 1 object; workers web-md 2 → 5", plan.Summary);
    }

    [Fact]
    public void An_installation_creates_everything_and_rolls_nothing()
    {
        var plan = UpgradePlanner.Plan(Facts([], Rendered()) with { From = null, Versions = ClusterVersions.Unknown });
        Assert.Equal(4, plan.Created.Count);
        Assert.Empty(plan.Rollouts);
        Assert.Equal("would create 4 objects", plan.Summary);
    }

    [Fact]
    public void A_chart_with_another_name_is_said()
    {
        var plan = UpgradePlanner.Plan(Facts(Rendered(), Rendered()) with { To = new("other", "eks-cp-1.0.0-rc.1") });
        Assert.Contains("eks-cp, until now aws", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {config: VALUE}")]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {VALUE: eA==, k: VALUE}")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {script: VALUE}")]
    [InlineData("apiVersion: x/v1\nkind: Machine\nmetadata: {name: s}\nspec: {users: [{name: root, passwd: VALUE}]}")]
    [InlineData("apiVersion: x/v1\nkind: Machine\nmetadata: {name: s}\nspec: {joinToken: VALUE}")]
    [InlineData("apiVersion: x/v1\nkind: Machine\nmetadata: {name: s}\nspec: {files: [{path: /etc/a, content: VALUE}]}")]
    [InlineData("apiVersion: x/v1\nkind: Machine\nmetadata: {name: s}\nspec: {preKubeadmCommands: [echo VALUE]}")]
    public void Secrets_are_never_shown_whether_they_change_come_or_go(string manifest)
    {
        var (one, other) = (Read(manifest.Replace("VALUE", "hunter1", StringComparison.Ordinal)), Read(manifest.Replace("VALUE", "hunter2", StringComparison.Ordinal)));
        var bare = Read(manifest.Split("\nspec")[0].Split("\ndata")[0].Split("\nstringData")[0]);
        foreach (var (from, to) in new[] { (one, other), (one, bare), (bare, other), ([], one), (one, []) })
        {
            var text = JsonSerializer.Serialize(UpgradePlanner.Plan(Facts(from, to)), ContractsJson.Default.ClusterUpgradePlan);
            Assert.DoesNotContain("hunter", manifest.Contains("{VALUE", StringComparison.Ordinal) ? text.Replace("data.hunter", "", StringComparison.Ordinal) : text, StringComparison.Ordinal);
        }
        Assert.Contains(UpgradePlanner.Plan(Facts(one, other)).Changed[0].Fields, field => field.Secret);
    }

    private static IReadOnlyList<RenderedObject> Read(string manifest) => RenderedObject.ReadAll(manifest, "org");
}
