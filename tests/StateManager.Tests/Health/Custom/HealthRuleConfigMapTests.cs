using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health.Custom;

namespace Fleet.StateManager.Tests.Health.Custom;

public sealed class HealthRuleConfigMapTests
{
    private static readonly ResourceKind Widgets = new("example.com", "v1", "Widget", "widgets", true);

    private const string Rule = """
        - group: example.com
          version: v1
          kind: Widget
          scope: Namespaced
          healthy: |
            has(obj.status) && has(obj.status.ready) &&
            int(obj.status.ready) == int(obj.spec.size)
          message: |
            "ready " + string(has(obj.status.ready) ? int(obj.status.ready) : 0) + " of " + string(obj.spec.size)
        """;

    [Fact]
    public void A_rule_is_read_and_judges()
    {
        var map = Map(Rule);
        Assert.Empty(map.Faults);
        var rule = Assert.Single(map.Rules);
        Assert.Equal(("kcm-system/rules#0", "global"), (rule.Source, rule.Target));
        Assert.Null(rule.Judge(Widgets, Widget("""{"ready":2}""").Root));
        Assert.Equal(new RuleFinding("global", "kcm-system/rules#0", WorkloadVerdict.Progressing, "ready 1 of 2"), rule.Judge(Widgets, Widget("""{"ready":1}""").Root));
    }

    [Fact]
    public void A_message_that_fails_or_is_no_text_leaves_the_verdict()
    {
        var number = Map("- {group: example.com, version: v1, kind: Widget, scope: Namespaced, healthy: 'false', message: '1'}").Rules[0];
        Assert.Equal("the rule does not hold", number.Judge(Widgets, Widget(null).Root)!.Why);
        Assert.Contains("its message cannot be evaluated: no such key: status", Map(Rule).Rules[0].Judge(Widgets, Widget(null).Root)!.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("obj.status.ready == 2", "no such key: status")]
    [InlineData("obj.spec.size", "must evaluate to bool")]
    [InlineData("[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c, [1,2,3,4,5,6,7,8,9].all(d, [1,2,3,4,5,6,7,8,9].all(e, true)))))", "cost limit")]
    public void A_rule_that_fails_on_an_object_is_not_silence(string healthy, string why)
    {
        var rule = Map($"[{{group: example.com, version: v1, kind: Widget, scope: Namespaced, healthy: '{healthy}', message: '\"\"'}}]").Rules[0];
        var finding = rule.Judge(Widgets, Widget(null).Root)!;
        Assert.Equal(WorkloadVerdict.Unknown, finding.Verdict);
        Assert.Contains(why, finding.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_scope_is_said_and_the_rule_not_run()
    {
        var rule = Map(Rule.Replace("Namespaced", "Cluster", StringComparison.Ordinal)).Rules[0];
        var finding = rule.Judge(Widgets, Widget("""{"ready":2}""").Root)!;
        Assert.Equal((WorkloadVerdict.Unknown, "HealthRuleScopeMismatch: Widget is Namespaced, the rule says Cluster"), (finding.Verdict, finding.Why));
    }

    [Theory]
    [InlineData("a: b", "kcm-system/rules: rules must be a list of rules")]
    [InlineData("- [", "kcm-system/rules: rules cannot be read:")]
    [InlineData("- text", "kcm-system/rules#0: a rule must have the fields")]
    [InlineData("- {group: a, kind: B, scope: Cluster, healthy: 'true', message: '\"\"'}", "kcm-system/rules#0: kind and version are required")]
    [InlineData("- {group: a, version: v1, kind: B, scope: namespaced, healthy: 'true', message: '\"\"'}", "scope must be \"Namespaced\" or \"Cluster\", not \"namespaced\"")]
    [InlineData("- {group: a, version: v1, kind: B, scope: Cluster, message: '\"\"'}", "healthy is required")]
    [InlineData("- {group: a, version: v1, kind: B, scope: Cluster, healthy: 'true'}", "message is required")]
    [InlineData("- {group: a, version: v1, kind: B, scope: Cluster, healthy: 'self.x == 1', message: '\"\"'}", "healthy: ERROR: <input>:1:1: undeclared reference to 'self'")]
    [InlineData("- {group: a, version: v1, kind: B, scope: Cluster, healthy: 'true', message: 'obj.?a'}", "message: ERROR: <input>:1:5: optional types are not supported")]
    public void A_broken_rule_is_named_with_its_place(string rules, string fault)
    {
        var map = Map(rules);
        Assert.Empty(map.Rules);
        Assert.Contains(fault, Assert.Single(map.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_rule_takes_no_other_one_along()
    {
        var map = Map("- {kind: B}\n" + Rule);
        Assert.Equal("kcm-system/rules#1", Assert.Single(map.Rules).Source);
        Assert.StartsWith("kcm-system/rules#0", Assert.Single(map.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Size_and_number_are_bounded()
    {
        Assert.Contains("cannot be read", Assert.Single(Map(new string('#', 300_000)).Faults), StringComparison.Ordinal);
        var many = Map(string.Concat(Enumerable.Repeat("- {group: a, version: v1, kind: B, scope: Cluster, healthy: 'true', message: '\"\"'}\n", 201)));
        Assert.Equal(200, many.Rules.Count);
        Assert.Contains("201 rules are more than the 200", Assert.Single(many.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_ConfigMap_has_no_rules_and_no_faults()
    {
        Assert.Empty(Map("  ").Rules);
        Assert.Empty(Map("").Faults);
    }

    [Fact]
    public void Tiers_add_up_and_an_owner_sees_its_own_only()
    {
        var set = new HealthRuleSet([Map(Rule), Map(Rule, "mine", "web"), Map("- {kind: B}", "broken", "other")]);
        Assert.Equal(2, set.Rules[new("example.com", "v1", "Widget")].Count);
        Assert.Empty(set.FaultsFor("web"));
        Assert.Single(set.FaultsFor("other"));
        var both = RuledObject.Of(Widgets, set.Rules[new("example.com", "v1", "Widget")], Widget("""{"ready":0}"""))!;
        Assert.Equal("kcm-system/rules#0", both.For("other")!.Rule);
        var only = RuledObject.Of(Widgets, Map(Rule, "mine", "web").Rules, Widget("""{"ready":0}"""))!;
        Assert.Equal("kcm-system/mine#0", only.For("web")!.Rule);
        Assert.Null(only.For("other"));
        Assert.Null(only.For(""));
    }

    [Theory]
    [InlineData("""{"labels":{"release":"web"}}""", true)]
    [InlineData("""{"labels":{"app":"web"}}""", true)]
    [InlineData("""{"labels":{"app.kubernetes.io/instance":"web"}}""", true)]
    [InlineData("""{"labels":{"app.kubernetes.io/name":"web"}}""", true)]
    [InlineData("""{"labels":{"tier":"web"}}""", false)]
    [InlineData("""{"labels":{"app":"web"},"annotations":{"meta.helm.sh/release-name":"other","meta.helm.sh/release-namespace":"shop"}}""", false)]
    [InlineData("""{"annotations":{"meta.helm.sh/release-name":"web","meta.helm.sh/release-namespace":"shop"}}""", true)]
    [InlineData("""{"annotations":{"meta.helm.sh/release-name":"web","meta.helm.sh/release-namespace":"elsewhere"}}""", false)]
    public void An_object_belongs_to_a_release_by_helms_annotations_else_by_the_usual_labels(string metadata, bool isOf)
    {
        var found = RuledObject.Of(Widgets, Map(Rule).Rules, Widget("""{"ready":0}""", metadata))!;
        Assert.Equal(isOf, found.IsOf(new ReleaseName("shop", "web")));
        Assert.False(found.IsOf(new ReleaseName("shop", "api")));
    }

    [Theory]
    [InlineData("""{"deletionTimestamp":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"annotations":{"k0rdent.mirantis.com/health":"ignore"}}""")]
    public void What_goes_or_is_not_to_count_is_ignored(string metadata) =>
        Assert.Null(RuledObject.Of(Widgets, Map(Rule).Rules, Widget("""{"ready":0}""", metadata)));

    [Fact]
    public void The_same_findings_are_no_change()
    {
        var rules = Map(Rule).Rules;
        Assert.Equal(RuledObject.Of(Widgets, rules, Widget("""{"ready":0,"seen":1}""")), RuledObject.Of(Widgets, rules, Widget("""{"ready":0,"seen":2}""")));
        Assert.NotEqual(RuledObject.Of(Widgets, rules, Widget("""{"ready":0}""")), RuledObject.Of(Widgets, rules, Widget("""{"ready":1}""")));
    }

    private static HealthRuleConfigMap Map(string rules, string name = "rules", string target = "global") => HealthRuleConfigMap.Of(new DynamicObject(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = "kcm-system",
            ["labels"] = new JsonObject { ["k0rdent.mirantis.com/health-rule-target"] = target },
        },
        ["data"] = new JsonObject { ["rules"] = rules },
    }));

    private static DynamicObject Widget(string? status, string metadata = "{}")
    {
        var root = new JsonObject { ["apiVersion"] = "example.com/v1", ["kind"] = "Widget", ["metadata"] = JsonNode.Parse(metadata), ["spec"] = new JsonObject { ["size"] = 2 } };
        root["metadata"]!["name"] = "w";
        root["metadata"]!["namespace"] = "shop";
        if (status is not null)
            root["status"] = JsonNode.Parse(status);
        return new DynamicObject(root);
    }
}
