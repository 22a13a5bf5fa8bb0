using System.Text.Json.Nodes;
using Fleet.ClusterManager.Access;
using Fleet.ClusterManager.Chains;
using Fleet.Contracts.Chains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Chains;

public class ChainPlannerTests
{
    private const string Spec = """{"helm":{"chartSpec":{"chart":"c","version":"1.0.0","sourceRef":{"kind":"HelmRepository","name":"charts"}}}}""";
    private const string Other = """{"helm":{"chartSpec":{"chart":"c","version":"2.0.0","sourceRef":{"kind":"HelmRepository","name":"charts"}}}}""";

    [Fact]
    public void A_distributed_chain_brings_its_templates_and_they_still_mean_the_same_repository()
    {
        var step = Assert.Single(Plan(Facts(["a"], sources: [Template("kcm-system", "a", Spec)])).Steps);
        Assert.Equal((CopyAction.Create, new ObjectKey("team", "a")), (step.Action, step.Target));
        Assert.Equal("kcm-system", (string?)step.Object!["spec"]!["helm"]!["chartSpec"]!["sourceRef"]!["namespace"]);
        var owner = Assert.Single(new DynamicObject(step.Object).Metadata.OwnerReferences!);
        Assert.Equal(("ClusterTemplateChain", "chain", "chain-uid"), (owner.Kind, owner.Name, owner.Uid));
        Assert.Equal("true", new DynamicObject(step.Object).Metadata.Labels!["k0rdent.mirantis.com/managed"]);
    }

    [Fact]
    public void A_chain_that_a_user_wrote_brings_nothing()
    {
        var facts = Facts(["a"], sources: [Template("kcm-system", "a", Spec)]) with { BringsTemplates = false };
        Assert.Empty(Plan(facts).Steps);
        Assert.False(ChainKind.BringsTemplates(new() { Namespace = "kcm-system", Labels = new() { ["k0rdent.mirantis.com/managed"] = "true" } }, SystemNamespaces.Default));
        Assert.True(ChainKind.BringsTemplates(new() { Namespace = "team", Labels = new() { ["k0rdent.mirantis.com/managed"] = "true" } }, SystemNamespaces.Default));
        Assert.False(ChainKind.BringsTemplates(new() { Namespace = "team" }, SystemNamespaces.Default));
    }

    [Fact]
    public void What_is_right_stays_and_a_template_that_is_another_now_replaces_its_copy()
    {
        var copy = Copy(Template("kcm-system", "a", Spec));
        Assert.Empty(Plan(Facts(["a"], [Template("kcm-system", "a", Spec)], [copy])).Steps);
        var step = Assert.Single(Plan(Facts(["a"], [Template("kcm-system", "a", Other)], [copy])).Steps);
        Assert.Equal(CopyAction.Replace, step.Action);
        Assert.Equal("2.0.0", (string?)step.Object!["spec"]!["helm"]!["chartSpec"]!["version"]);
    }

    [Fact]
    public void A_template_that_is_used_is_neither_replaced_nor_removed_and_the_user_is_named()
    {
        var copy = Copy(Template("kcm-system", "a", Spec));
        var users = new[] { "a" }.ToLookup(name => name, _ => "ClusterDeployment web");
        var replaced = Plan(Facts(["a"], [Template("kcm-system", "a", Other)], [copy]) with { Users = users });
        Assert.Empty(replaced.Steps);
        Assert.Contains("used by ClusterDeployment web", Assert.Single(replaced.Problems), StringComparison.Ordinal);
        var removed = Plan(Facts([], [], [copy]) with { Users = users });
        Assert.Empty(removed.Steps);
        Assert.Contains("goes when nobody uses it", Assert.Single(removed.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_chain_no_longer_lists_goes_and_what_is_not_a_copy_is_never_touched()
    {
        var mine = Template("team", "a", Other);
        var step = Assert.Single(Plan(Facts([], [], [Copy(Template("kcm-system", "old", Spec)), mine])).Steps);
        Assert.Equal((CopyAction.Delete, "old"), (step.Action, step.Target.Name));
        Assert.Empty(Plan(Facts(["a"], [Template("kcm-system", "a", Spec)], [mine])).Steps);
    }

    [Fact]
    public void A_chain_that_was_made_anew_takes_its_templates_back()
    {
        var copy = Copy(Template("kcm-system", "a", Spec));
        copy.Root["metadata"]!.AsObject().Remove("ownerReferences");
        var step = Assert.Single(Plan(Facts(["a"], [Template("kcm-system", "a", Spec)], [new DynamicObject(copy.Root)])).Steps);
        Assert.Equal(CopyAction.Update, step.Action);
        Assert.Equal("chain-uid", Assert.Single(new DynamicObject(step.Object!).Metadata.OwnerReferences!).Uid);
    }

    [Fact]
    public void A_template_that_is_nowhere_is_told()
    {
        var plan = Plan(Facts(["a"]));
        Assert.Equal(["ClusterTemplate a does not exist in a system namespace, so it cannot be brought here"], plan.Problems);
        // While the source is gone, what was copied stays: clusters may use it.
        Assert.Empty(Plan(Facts(["a"], [], [Copy(Template("kcm-system", "a", Spec))])).Steps);
    }

    [Theory]
    [InlineData("""{"helm":{"chartRef":{"kind":"HelmChart","name":"x"}}}""", "helm.chartRef.namespace", "kcm-system")]
    [InlineData("""{"helm":{"chartRef":{"kind":"HelmChart","name":"x","namespace":"other"}}}""", "helm.chartRef.namespace", "other")]
    [InlineData("""{"helm":{"chartSpec":{"chart":"x"}}}""", "helm.chartSpec.sourceRef.namespace", "kcm-system")]
    [InlineData("""{"kustomize":{"localSourceRef":{"kind":"GitRepository","name":"x"}}}""", "kustomize.localSourceRef.namespace", "kcm-system")]
    [InlineData("""{"resources":{"localSourceRef":{"kind":"ConfigMap","name":"x"}}}""", "resources.localSourceRef.namespace", null)]
    public void References_lead_where_they_led(string spec, string path, string? expected)
    {
        JsonNode? at = ChainPlanner.ContentFor(Template("kcm-system", "a", spec))["spec"];
        foreach (var part in path.Split('.'))
            at = at?[part];
        Assert.Equal(expected, (string?)at);
    }

    private static ChainPlan Plan(ChainFacts facts) => ChainPlanner.Plan(facts, SystemNamespaces.Default);

    private static ChainFacts Facts(string[] names, DynamicObject[]? sources = null, DynamicObject[]? present = null) => new()
    {
        Kind = ChainKind.OfClusters,
        Chain = new() { Name = "chain", Namespace = "team", Uid = "chain-uid" },
        Spec = new ClusterTemplateChainSpec { SupportedTemplates = [.. names.Select(name => new SupportedTemplate { Name = name })] },
        BringsTemplates = true,
        Sources = (sources ?? []).ToDictionary(source => source.Key.Name),
        Present = (present ?? []).ToDictionary(item => item.Key.Name),
    };

    private static DynamicObject Copy(DynamicObject source) => new(Plan(Facts([source.Key.Name], [source])).Steps[0].Object!);

    private static DynamicObject Template(string @namespace, string name, string spec) => new((JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterTemplate","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}","uid":"uid-{{{name}}}"},"spec":{{{spec}}},"status":{"valid":true}}
        """)!);
}
