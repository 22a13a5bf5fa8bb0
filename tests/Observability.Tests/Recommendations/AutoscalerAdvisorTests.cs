using System.Text.Json.Nodes;
using Fleet.Cost.Prices;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Objects;
using Fleet.Observability.Recommendations.Advice;
using Fleet.Observability.Recommendations.Applying;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class AutoscalerAdvisorTests
{
    private const double GiB = 1024 * 1024 * 1024;

    private static readonly DateTimeOffset Noon = new(2026, 11, 9, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Six pods of a core and a gibibyte that aim at 80 %.</summary>
    [Theory]
    // A tenth of a core is an eighth of the target: 6 × 0.125 × 1.25 is a little less than one.
    [InlineData(0.1, 0.1, 1)]
    [InlineData(0.3, 0.1, 3)]
    // Not far below; just so; and beyond, where it would have made more.
    [InlineData(0.4, 0.1, 4)]
    [InlineData(0.41, 0.1, null)]
    [InlineData(0.9, 0.1, null)]
    // What is in memory stays: five hold it, or all are needed, or it has more than it may hold.
    [InlineData(0.1, 0.8, 5)]
    [InlineData(0.1, 0.9, null)]
    [InlineData(0.1, 1.2, null)]
    public void As_many_as_the_busiest_minute_needs(double cores, double gibibytes, int? least)
    {
        var found = Advise(Facts(cores, gibibytes));
        Assert.Equal(least, (int?)found?.Recommended["minReplicas"]);
        if (found is null)
            return;
        Assert.Equal(("HorizontalPodAutoscaler", "web-scaler", "shop", 6), (found.ObjectKind, found.ObjectName, found.Namespace, (int)found.Current["minReplicas"]!));
        // Pods that are no longer requested are idle until nodes go: no cash.
        Assert.Equal((6 - least!.Value) * 730 * (0.03 + 0.004), found.Saving.Freed!.Value, 6);
        Assert.Equal(0, found.Saving.Cash);
        Assert.Equal(cores, (double)found.Evidence["targets"]!["cpu"]!["peak"]!, 0.01);
        Assert.Equal(("medium", 0.8), ((string?)found.Evidence["confidence"], (double)found.Evidence["targets"]!["cpu"]!["target"]!));
    }

    [Theory]
    [InlineData("{\"minAvailable\":1}", 2)]
    [InlineData("{\"minAvailable\":3}", 4)]
    [InlineData("{\"minAvailable\":5}", null)]
    [InlineData("{\"minAvailable\":\"50%\"}", 2)]
    [InlineData("{\"minAvailable\":\"75%\"}", 4)]
    [InlineData("{\"minAvailable\":\"100%\"}", null)]
    [InlineData("{\"maxUnavailable\":1}", 2)]
    [InlineData("{\"minAvailable\":5,\"selector\":{\"matchLabels\":{\"app\":\"other\"}}}", 1)]
    public void A_disruption_budget_keeps_what_it_needs_to_let_one_go(string spec, int? least)
    {
        var budget = DisruptionBudget.Of(new(new JsonObject { ["metadata"] = Named("web"), ["spec"] = JsonNode.Parse(spec) }));
        var found = Advise(Facts(0.1, 0.1) with { Survey = Survey() with { Budgets = [budget] } });
        Assert.Equal(least, (int?)found?.Recommended["minReplicas"]);
        Assert.Equal(least is > 1, ((string?)found?.Evidence["podDisruptionBudget"])?.StartsWith("web, ", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("\"minReplicas\":1", "\"currentReplicas\":6")]
    // It has, or wants, more than its least; it can not scale; somebody else's object writes it; it goes by something that nobody measures here.
    [InlineData("\"minReplicas\":6", "\"currentReplicas\":7")]
    [InlineData("\"minReplicas\":6", "\"currentReplicas\":6,\"desiredReplicas\":8")]
    [InlineData("\"minReplicas\":6", "\"currentReplicas\":6,\"conditions\":[{\"type\":\"ScalingActive\",\"status\":\"False\"}]")]
    [InlineData("\"minReplicas\":6", "\"currentReplicas\":6", "\"ownerReferences\":[{\"kind\":\"ScaledObject\",\"name\":\"web\",\"uid\":\"u\",\"apiVersion\":\"keda.sh/v1alpha1\"}]")]
    [InlineData("\"minReplicas\":6", "\"currentReplicas\":6", "", ",{\"type\":\"External\"}")]
    public void What_an_autoscaler_has_a_reason_for_is_left_alone(string spec, string status, string metadata = "", string metric = "") =>
        Assert.Null(Advise(Facts(0.1, 0.1) with { Survey = Survey(Scaler(spec, status, metadata, metric)) }));

    [Fact]
    public void Two_days_are_too_few()
    {
        Assert.Null(Advise(Facts(0.1, 0.1, hours: 48)));
        Assert.NotNull(Advise(Facts(0.1, 0.1, hours: 72)));
    }

    [Fact]
    public void It_is_applied_where_the_values_of_the_chart_say_the_least_number_and_nothing_else_changes()
    {
        var wanted = new WantedReplicas("HorizontalPodAutoscaler", "shop", "web-scaler", 2) { Field = WantedReplicas.LeastField };
        var values = JsonNode.Parse("""{"replicaCount":6,"autoscaling":{"minReplicas":6,"maxReplicas":9}}""")!.AsObject();
        var now = Scaler("\"minReplicas\":6", "");
        Assert.Contains("autoscaling.minReplicas", wanted.Candidates(values, now).Select(path => string.Join('.', path)));
        Assert.Null(wanted.Against([now.Root], [Scaler("\"minReplicas\":2", "").Root]));
        Assert.Equal("it would not have 2 minReplicas", wanted.Against([now.Root], [Scaler("\"minReplicas\":3", "").Root]));
        Assert.Equal("more of it than its minReplicas would change", wanted.Against([now.Root], [Scaler("\"minReplicas\":2,\"maxReplicas\":2", "").Root]));
        Assert.Equal("""{"spec":{"minReplicas":2}}""", wanted.Patch().ToJsonString());
    }

    private static Recommendation? Advise(AdviceFacts facts) => ClusterAdvisor.Advise(facts).Recommendations.SingleOrDefault(found => found.Kind == "minReplicas");

    private static AdviceFacts Facts(double cores, double gibibytes, int hours = 7 * 24)
    {
        var book = new UsageBook();
        for (var hour = -hours; hour <= 0; hour++)
            book.Fill(new("shop", "deployment", "web", "app"), Noon.AddHours(hour), cores, cores, gibibytes * GiB);
        List<NodeRow> rows = [new() { Uid = "n1", Name = "n1", Cores = 16, RamBytes = 64 * GiB }];
        PriceBook prices = new([new("sheet", new() { Currency = "EUR", Periods = [new() { ValidFrom = Noon.AddYears(-1), Nodes = [new() { CpuCoreHour = 0.03m, RamGibHour = 0.004m }] }] })]);
        return new() { Cluster = "team/prod", Seen = new() { Nodes = rows }, Survey = Survey(), Usage = book, Prices = new(prices, rows, Noon), Now = Noon, Options = new() };
    }

    private static ClusterSurvey Survey(DynamicObject? scaler = null) => new()
    {
        Pods =
        [
            .. Enumerable.Range(0, 6).Select(at => new SurveyPod
            {
                Workload = new("shop", "deployment", "web"), Key = new("shop", $"web-{at}"), Node = "n1", IsThere = true, Created = Noon.AddDays(-9), Labels = new Dictionary<string, string> { ["app"] = "web" },
                Containers = [new("app", 1, GiB, null, null)], Packing = new() { Name = $"shop/web-{at}", Node = "n1", Requests = new Dictionary<string, double> { ["cpu"] = 1, ["memory"] = GiB } },
            }),
        ],
        HorizontalScalers = [HorizontalScaler.Of(scaler ?? Scaler("\"minReplicas\":6", "\"currentReplicas\":6"))],
    };

    private static JsonObject Named(string name) => new() { ["name"] = name, ["namespace"] = "shop" };

    private static DynamicObject Scaler(string spec, string status, string metadata = "", string metric = "") => new(JsonNode.Parse($$"""
        {"kind":"HorizontalPodAutoscaler","metadata":{"name":"web-scaler","namespace":"shop"{{(metadata.Length > 0 ? "," + metadata : "")}}},
         "spec":{{{spec}},"scaleTargetRef":{"kind":"Deployment","name":"web"},
                 "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80} } }{{metric}}]},"status":{ {{status}} } }
        """)!.AsObject());
}
