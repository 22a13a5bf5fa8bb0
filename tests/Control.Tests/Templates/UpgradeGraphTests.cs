using Fleet.Contracts.Chains;
using Fleet.Control.Templates;

namespace Fleet.Control.Tests.Templates;

public class UpgradeGraphTests
{
    [Fact]
    public void What_may_follow_is_the_union_over_chains_in_order_of_versions_not_of_texts()
    {
        var graph = UpgradeGraph.From([
            Chain("a: b=1.10.0 c=1.9.0", "b", "c", "d"),
            Chain("a: d=1.9.0-rc.1 b=1.10.0", "b", "d"),
        ]);
        Assert.Equal(["d", "c", "b"], graph.AvailableFrom("a").Select(target => target.Template));
        Assert.Empty(graph.AvailableFrom("b"));
        Assert.True(graph.Allows("a", "c"));
        Assert.False(graph.Allows("c", "a"));
    }

    [Fact]
    public void Versions_that_no_chain_states_are_those_of_the_charts_and_unknown_ones_come_last()
    {
        var graph = UpgradeGraph.From([Chain("a: x y z", "x", "y", "z")], new Dictionary<string, string> { ["y"] = "2.0.0", ["z"] = "10.0.0" });
        Assert.Equal(["y 2.0.0", "z 10.0.0", "x "], graph.AvailableFrom("a").Select(target => $"{target.Template} {target.Version}"));
    }

    [Fact]
    public void The_shortest_sequences_are_found_also_through_cycles_and_over_several_chains()
    {
        var graph = UpgradeGraph.From([
            Chain("a: b c\nb: d a\nc: d\nd: e a", "e"),
            Chain("b: c", "c"),
        ]);
        Assert.Equal(["b d e", "c d e"], graph.PathsTo("a", "e").Select(Text));
        Assert.Equal(["b", "c", "d", "e"], graph.RoutesFrom("a").Select(route => route.Target.Template));
        Assert.Equal(["b"], graph.PathsTo("a", "b").Select(Text));
        Assert.Empty(graph.PathsTo("e", "a"));
        Assert.Empty(graph.PathsTo("a", "a"));
        Assert.Empty(graph.PathsTo("nowhere", "a"));
    }

    [Fact]
    public void A_direct_step_wins_over_a_longer_way()
    {
        var graph = UpgradeGraph.From([Chain("a: b=1.1.0 c=1.2.0\nb: c=1.2.0", "c")]);
        Assert.Equal(["c"], graph.PathsTo("a", "c").Select(Text));
    }

    [Fact]
    public void A_graph_with_very_many_equal_ways_is_told_in_part_and_at_once()
    {
        // Sixteen layers of sixteen templates: 16^15 ways of equal length.
        var lines = Enumerable.Range(0, 15).SelectMany(layer => Enumerable.Range(0, 16).Select(i => $"t{layer}-{i}: " + string.Join(' ', Enumerable.Range(0, 16).Select(j => $"t{layer + 1}-{j}"))));
        var graph = UpgradeGraph.From([Chain(string.Join('\n', lines), [.. Enumerable.Range(0, 16).Select(i => $"t15-{i}")])]);
        Assert.Equal(UpgradeGraph.MaxPaths, graph.PathsTo("t0-0", "t15-0").Count);

        // All of it is a dead end but for one long way round.
        var detour = Enumerable.Range(0, 16).Select(i => $"d{i}: " + (i == 15 ? "end" : $"d{i + 1}"));
        graph = UpgradeGraph.From([Chain(string.Join('\n', lines.Concat(detour).Append("start: t0-0 d0")), ["end", .. Enumerable.Range(0, 16).Select(i => $"t15-{i}")])]);
        Assert.Single(graph.PathsTo("start", "end"));
    }

    [Fact]
    public void A_chain_that_is_not_consistent_does_not_count()
    {
        Assert.Empty(UpgradeGraph.From([Chain("a: b")]).AvailableFrom("a"));
        Assert.Single(UpgradeGraph.From([Chain("a: b"), Chain("a: b", "b")]).AvailableFrom("a"));
    }

    [Theory]
    [InlineData("a: b", "", "template b is allowed for upgrade but is not present in the list of '.spec.supportedTemplates'")]
    [InlineData("a: b=1.0.0 c", "b c", "template a has mixed version/no-version available upgrades: either all or none should have version set")]
    [InlineData("a: b b", "b", "template a lists the upgrade b more than once")]
    [InlineData("a: a", "", "template a lists itself as an upgrade")]
    [InlineData("a:\na:", "", "template a is listed more than once in '.spec.supportedTemplates'")]
    [InlineData("a: b=newest", "b", "version \"newest\" of the upgrade b is not a semantic version, for instance 1.2.0")]
    [InlineData("a: c=1.0.0\nb: c=2.0.0", "c", "the upgrade c is stated with several versions: 1.0.0, 2.0.0")]
    public void What_is_inconsistent_is_named(string chain, string others, string problem) =>
        Assert.Equal([problem], TemplateChainRules.Problems(Chain(chain, others.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Select(found => found.Message));

    [Fact]
    public void All_problems_are_told_at_once_and_an_empty_chain_has_none()
    {
        Assert.Equal(2, TemplateChainRules.Problems(Chain("a: b=1.0.0 c")).Count(problem => problem.Message.Contains("not present", StringComparison.Ordinal)));
        Assert.Equal(3, TemplateChainRules.Problems(Chain("a: b=1.0.0 c")).Count);
        Assert.Empty(TemplateChainRules.Problems(new ClusterTemplateChainSpec()));
    }

    [Theory]
    [InlineData("1.33.1", ">= 1.31, < 1.35", true)]
    [InlineData("v1.33.1", "^1.30", true)]
    [InlineData("v1.36.0", ">= 1.31, < 1.35", false)]
    [InlineData("1.33.1", "~1.32.0 || ~1.33.0", true)]
    [InlineData("1.33.1+k0s.0", ">=1.33.1", true)]
    [InlineData("1.33.0-rc.1", ">=1.33.0", false)]
    [InlineData("", ">= 9", true)]
    [InlineData("1.33.1", "", true)]
    public void A_constraint_holds_or_not(string version, string constraint, bool holds) =>
        Assert.Equal(holds, KubernetesCompatibility.Problem("ns/ct", version, [("ns/st", constraint)]) is null);

    [Fact]
    public void The_text_is_upstreams_and_names_both_sides()
    {
        Assert.Equal(
            "failed to validate k8s compatibility: k8s version v1.36.0 of the ClusterTemplate ns/ct does not satisfy k8s constraint <1.35 from the ServiceTemplate ns/st",
            KubernetesCompatibility.Problem("ns/ct", "v1.36.0", [("ns/st", "<1.35"), ("ns/fine", "*")]));
        Assert.Contains("newest", KubernetesCompatibility.ConstraintProblem("newest"), StringComparison.Ordinal);
        Assert.Null(KubernetesCompatibility.ConstraintProblem(">=1"));
    }

    private static string Text(IReadOnlyList<UpgradeTarget> path) => string.Join(' ', path.Select(target => target.Template));

    // "a: b=1.0.0 c" is a template a with two upgrades; the others have none.
    private static ClusterTemplateChainSpec Chain(string text, params string[] others) => new()
    {
        SupportedTemplates =
        [
            .. text.Split('\n').Select(line => line.Split(':')).Select(line => new SupportedTemplate
            {
                Name = line[0],
                AvailableUpgrades = [.. line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(upgrade => upgrade.Split('='))
                    .Select(upgrade => new AvailableUpgrade { Name = upgrade[0], Version = upgrade.ElementAtOrDefault(1) })],
            }),
            .. others.Select(name => new SupportedTemplate { Name = name }),
        ],
    };
}
