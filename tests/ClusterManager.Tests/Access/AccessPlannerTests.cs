using System.Text.Json.Nodes;
using Fleet.ClusterManager.Access;
using Fleet.Contracts.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Tests.Access;

public class AccessPlannerTests
{
    private static readonly ResourceKind Chains = FleetKinds.ClusterTemplateChains.Kind;
    private static readonly ResourceKind Secrets = CoreKinds.Secrets;

    [Fact]
    public void What_is_missing_is_made_with_the_word_of_where_it_comes_from_and_without_labels_of_the_source()
    {
        var source = Object("ClusterTemplateChain", "kcm-system", "chain", """{"supportedTemplates":[{"name":"a"}]}""", """{"team":"platform"}""");
        var step = Assert.Single(Plan(Facts([new(Chains, [source], ["team-a"])])).Steps);
        Assert.Equal((CopyAction.Create, new ObjectKey("team-a", "chain")), (step.Action, step.Target));
        var made = new DynamicObject(step.Object!);
        Assert.True(DistributedCopies.IsCopyOf(made.Metadata, source.Key, SystemNamespaces.Default));
        Assert.Equal("true", made.Metadata.Labels!["k0rdent.mirantis.com/managed"]);
        Assert.False(made.Metadata.Labels.ContainsKey("team"));
        Assert.Empty(made.Metadata.OwnerReferences ?? []);
    }

    [Fact]
    public void What_is_right_stays_and_a_later_change_is_taken_over()
    {
        var source = Object("Secret", "kcm-system", "token", """{"a":1}""");
        var copy = CopyOf(source, "team-a");
        Assert.Empty(Plan(Facts([new(Secrets, [source], ["team-a"])], [new(Secrets, copy, true)])).Steps);
        var changed = Object("Secret", "kcm-system", "token", """{"a":2}""");
        var step = Assert.Single(Plan(Facts([new(Secrets, [changed], ["team-a"])], [new(Secrets, copy, true)])).Steps);
        Assert.Equal(CopyAction.Update, step.Action);
        Assert.Equal(2, (int)step.Object!["spec"]!["a"]!);
    }

    [Fact]
    public void A_chain_that_is_another_now_replaces_its_copy_since_its_spec_can_not_be_changed()
    {
        var copy = CopyOf(Object("ClusterTemplateChain", "kcm-system", "chain", """{"supportedTemplates":[{"name":"a"}]}"""), "team-a");
        var source = Object("ClusterTemplateChain", "kcm-system", "chain", """{"supportedTemplates":[{"name":"b"}]}""");
        Assert.Equal(CopyAction.Replace, Assert.Single(Plan(Facts([new(Chains, [source], ["team-a"])], [new(Chains, copy, true)])).Steps).Action);
    }

    [Fact]
    public void Somebody_elses_object_of_the_same_name_is_left_alone_and_told()
    {
        var source = Object("Secret", "kcm-system", "token", "{}");
        // The label alone proves nothing: everything that Fleet makes has it.
        var other = Object("Secret", "team-a", "token", "{}", """{"k0rdent.mirantis.com/managed":"true"}""");
        var plan = Plan(Facts([new(Secrets, [source], ["team-a"])], [new(Secrets, other, false)]));
        Assert.Empty(plan.Steps);
        Assert.Equal("Secret team-a/token exists and is not a copy of kcm-system/token; it is left alone", Assert.Single(plan.Problems).Error);
    }

    [Fact]
    public void A_copy_that_upstream_made_is_taken_over()
    {
        var source = Object("ClusterTemplateChain", "kcm-system", "chain", """{"supportedTemplates":[]}""");
        var upstreams = Object("ClusterTemplateChain", "team-a", "chain", """{"supportedTemplates":[]}""", """{"k0rdent.mirantis.com/managed":"true"}""");
        var step = Assert.Single(Plan(Facts([new(Chains, [source], ["team-a"])], [new(Chains, upstreams, false)])).Steps);
        Assert.Equal(CopyAction.Update, step.Action);
        Assert.True(DistributedCopies.IsCopyOf(new DynamicObject(step.Object!).Metadata, source.Key, SystemNamespaces.Default));
    }

    [Fact]
    public void Only_copies_that_no_rule_wants_go()
    {
        var source = Object("Secret", "kcm-system", "token", "{}");
        var (here, there) = (CopyOf(source, "team-a"), CopyOf(source, "team-b"));
        var step = Assert.Single(Plan(Facts([new(Secrets, [source], ["team-a"])], [new(Secrets, here, true), new(Secrets, there, true)])).Steps);
        Assert.Equal((CopyAction.Delete, "team-b"), (step.Action, step.Target.Namespace));
    }

    [Fact]
    public void Without_any_namespace_and_when_too_many_would_go_under_the_same_rules_nothing_goes()
    {
        var source = Object("Secret", "kcm-system", "token", "{}");
        PlacedObject[] copies = [.. Enumerable.Range(0, 12).Select(i => new PlacedObject(Secrets, CopyOf(source, $"team-{i}"), true))];
        var none = Plan(Facts([new(Secrets, [source], [])], copies[..1]) with { Namespaces = 0 });
        Assert.Empty(none.Steps);
        Assert.Contains("held back", Assert.Single(none.Problems).Error, StringComparison.Ordinal);

        var many = Facts([new(Secrets, [source], ["team-0"])], copies);
        Assert.Empty(Plan(many).Steps);
        // A user who has just changed the rules means it.
        many.Object.Metadata.Generation = 2;
        Assert.Equal(11, Plan(many).Steps.Count);
    }

    [Fact]
    public void Copies_of_a_kind_that_can_not_be_resolved_now_stay()
    {
        var copy = CopyOf(Object("Secret", "kcm-system", "token", "{}"), "team-a");
        var facts = Facts([], [new(Secrets, copy, true)]) with { Problems = [new("", "Secret", "failed to resolve")] };
        Assert.Empty(Plan(facts).Steps);
    }

    [Theory]
    [InlineData("Credential", """{"identityRef":{"kind":"Secret","name":"x","namespace":"kcm-system"}}""", """{"identityRef":{"kind":"Secret","name":"x","namespace":"team-a"}}""")]
    [InlineData("Credential", """{"identityRef":{"kind":"AWSClusterStaticIdentity","name":"x"}}""", """{"identityRef":{"kind":"AWSClusterStaticIdentity","name":"x"}}""")]
    [InlineData("ClusterAuthentication", """{"caSecret":{"name":"x","key":"k"}}""", """{"caSecret":{"name":"x","key":"k","namespace":"kcm-system"}}""")]
    [InlineData("DataSource", """{"certificateAuthority":{"name":"x","namespace":"other"}}""", """{"certificateAuthority":{"name":"x","namespace":"other"}}""")]
    public void References_mean_the_same_in_the_copy(string kind, string spec, string expected)
    {
        var content = CopyContent.Of(Object(kind, "kcm-system", "x", spec), "team-a");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), content["spec"]), content.ToJsonString());
    }

    [Fact]
    public void Deprecated_lists_are_resources_and_selectors_become_text()
    {
        var rule = new AccessRule { Credentials = ["c"], Resources = [new() { Kind = "ClusterTemplateChain" }, new() { ApiGroup = "", Kind = "Secret", Names = ["s"] }] };
        Assert.Equal(
            ["k0rdent.mirantis.com/ClusterTemplateChain", "/Secret", "k0rdent.mirantis.com/Credential"],
            AccessRules.ResourcesOf(rule).Select(resource => $"{resource.ApiGroup}/{resource.Kind}"));
        Assert.Equal(
            "a=b,c in (d,e),!f",
            AccessRules.Selector(
                new() { MatchLabels = new() { ["a"] = "b" }, MatchExpressions = [new() { Key = "c", Operator = "In", Values = ["d", "e"] }, new() { Key = "f", Operator = "DoesNotExist" }] },
                null));
        Assert.Null(AccessRules.Selector(null, null));
    }

    private static AccessPlan Plan(AccessFacts facts) => AccessPlanner.Plan(facts, SystemNamespaces.Default);

    private static AccessFacts Facts(IReadOnlyList<Distribution> wanted, IReadOnlyList<PlacedObject>? existing = null) => new()
    {
        Object = new() { Metadata = new() { Name = "kcm", Generation = 1 }, Status = new() { ObservedGeneration = 1 } },
        Namespaces = 5,
        Wanted = wanted,
        Existing = existing ?? [],
    };

    private static DynamicObject CopyOf(DynamicObject source, string target) =>
        new(CopyContent.Whole(source, new(target, source.Key.Name), CopyContent.Of(source, target)));

    private static DynamicObject Object(string kind, string @namespace, string name, string spec, string labels = "{}") => new((JsonObject)JsonNode.Parse($$$"""
        {"apiVersion":"x/v1","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}","uid":"uid-{{{@namespace}}}-{{{name}}}","labels":{{{labels}}}},"spec":{{{spec}}},"status":{"x":1}}
        """)!);
}
