using Fleet.Observability.Collection;
using Fleet.Observability.Hours;
using Fleet.Observability.Kubelets;

namespace Fleet.Observability.Tests.Collection;

public sealed class KubeletLookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nodes_that_do_not_answer_are_named_and_the_others_count()
    {
        var look = KubeletReader.Together([Told("a"), new("b") { Problem = "no answer within 10 s" }, new("c") { Problem = "its summary is none" }], notReady: 1, Noon);
        Assert.Equal("a", Assert.Single(look.Counters).Key.Object);
        Assert.Equal(["kubelets of 2 of 3 nodes do not answer (b: no answer within 10 s; c: its summary is none)", "kubelets of 1 nodes are not asked: the nodes are not ready"], look.Problems);
    }

    [Fact]
    public void Whoever_may_not_ask_kubelets_is_told_which_right_is_missing_and_nothing_counts()
    {
        var look = KubeletReader.Together([Told("a"), new("b") { Problem = "nodes \"b\" is forbidden", IsForbidden = true }], 0, Noon);
        Assert.Empty(look.Counters);
        Assert.Contains("nodes/proxy", Assert.Single(look.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Clocks_of_nodes_are_held_against_their_clusters()
    {
        Assert.Empty(KubeletReader.Together([Told("a")], 0, Noon.AddSeconds(90)).Problems);
        Assert.Contains("clock", Assert.Single(KubeletReader.Together([Told("a")], 0, Noon.AddHours(-1)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_of_counters_come_before_the_metrics_API_which_tells_the_rest()
    {
        var below = new Dictionary<ContainerKey, Usage> { [new("web", "app")] = new(9, 9), [new("db", "db")] = new(2, 3) };
        var look = KubeletLook.None with
        {
            Counters = [(new("c", "web", "app", CountedAmount.CpuSeconds), new(0, Noon))], WorkingSets = new Dictionary<(string, string), double> { [("web", "app")] = 100 },
        };
        CounterIncrease[] increases =
        [
            new(new("c", "web", "app", CountedAmount.CpuSeconds), 30, Noon, Noon.AddMinutes(1)), new(new("c", "node", "", CountedAmount.CpuSeconds), 60, Noon, Noon.AddMinutes(1)),
            new(new("c", "web", "", CountedAmount.BytesReceived), 10, Noon, Noon.AddMinutes(1)), new(new("c", "web", "", CountedAmount.BytesSent), 20, Noon, Noon.AddMinutes(1)),
        ];
        var usage = look.Over(below, increases);
        Assert.Equal((new Usage(0.5, 100), new Usage(2, 3)), (usage[new("web", "app")], usage[new("db", "db")]));
        Assert.Equal(new Traffic(10, 20), KubeletLook.TrafficOf(increases)["web"]);
    }

    [Theory]
    [InlineData("summary", KubeletSource.Summary)]
    [InlineData("metrics", KubeletSource.Metrics)]
    [InlineData("none", KubeletSource.None)]
    [InlineData("whatever", KubeletSource.Metrics)]
    [InlineData(null, KubeletSource.Metrics)]
    public void A_cluster_says_what_its_kubelets_are_asked_for(string? annotation, KubeletSource expected) =>
        Assert.Equal(expected, KubeletSources.Of(annotation is null ? null : new Dictionary<string, string> { ["fleet/kubelets"] = annotation }, KubeletSource.Metrics));

    private static KubeletReader.Answer Told(string node) => new(node) { Readings = new() { Counters = [(new("c", node, "", CountedAmount.CpuSeconds), new(1, Noon))] } };
}
