using System.Text.Json.Nodes;
using Fleet.Cost.Packing;
using Fleet.Cost.Prices;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.Objects;
using Fleet.Observability.Recommendations.Advice;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class ClusterAdvisorTests
{
    private const double GiB = 1024 * 1024 * 1024;

    private static readonly DateTimeOffset Noon = new(2026, 11, 9, 12, 0, 0, TimeSpan.Zero);

    private readonly UsageBook book = new();

    [Fact]
    public void What_is_freed_is_priced_for_every_pod_and_is_no_cash()
    {
        Uses("shop", "web", _ => 0.1);
        var found = Single(Facts(Pods("shop", "web", 3)), "rightsizing");
        Assert.Equal(("deployment shop/web", "app"), ($"{found.ObjectKind.ToLowerInvariant()} {found.Namespace}/{found.ObjectName}", found.Container));
        // From 1 core to 150m, and from 1 GiB to 239 MiB, three times, at 0.03 and 0.004 an hour.
        Assert.Equal(3 * 730 * (0.85 * 0.03 + 785.0 / 1024 * 0.004), found.Saving.Freed!.Value, 6);
        Assert.Equal((0, "EUR"), (found.Saving.Cash, found.Saving.Currency));
        Assert.Contains("CPU 1 → 150m", found.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_price_nothing_is_known_of_savings()
    {
        Uses("shop", "web", _ => 0.1);
        var found = Single(Facts(Pods("shop", "web", 3)) with { Prices = new(new PriceBook([]), [], Noon) }, "rightsizing");
        Assert.Equal((null, 0), (found.Saving.Freed, found.Saving.Cash));
    }

    [Fact]
    public void Too_few_samples_say_nothing()
    {
        for (var hour = 0; hour < 4; hour++)
            book.Fill(new("shop", "deployment", "web", "app"), Noon.AddHours(hour - 4), 0.1, 0.1, 1e8);
        Assert.DoesNotContain(ClusterAdvisor.Advise(Facts(Pods("shop", "web", 3))).Recommendations, found => found.Kind == "rightsizing");
    }

    [Fact]
    public void What_Kubernetes_itself_runs_is_left_alone()
    {
        Uses("kube-system", "dns", _ => 0.001);
        Assert.DoesNotContain(ClusterAdvisor.Advise(Facts(Pods("kube-system", "dns", 3))).Recommendations, found => found.Namespace.Length > 0);
    }

    [Fact]
    public void An_autoscaler_is_seen_and_named()
    {
        Uses("shop", "web", _ => 0.1);
        var facts = Facts(Pods("shop", "web", 3));
        var scaled = facts with { Survey = facts.Survey with { HorizontalScalers = [HorizontalScaler.Of(Scaler("Utilization"))] } };
        var found = Single(scaled, "rightsizing");
        Assert.Equal("1", (string?)found.Recommended["cpu"]);
        Assert.Contains("HorizontalPodAutoscaler web", (string?)found.Evidence["cpu"]!["note"], StringComparison.Ordinal);
        // By an absolute value the request does not matter.
        var absolute = facts with { Survey = facts.Survey with { HorizontalScalers = [HorizontalScaler.Of(Scaler("AverageValue"))] } };
        Assert.Equal("150m", (string?)Single(absolute, "rightsizing").Recommended["cpu"]);
        var vertical = facts with { Survey = facts.Survey with { VerticalScalers = [new("web", new("shop", "deployment", "web"), "Auto")] } };
        Assert.DoesNotContain(ClusterAdvisor.Advise(vertical).Recommendations, one => one.Kind == "rightsizing");
        var advising = facts with { Survey = facts.Survey with { VerticalScalers = [new("web", new("shop", "deployment", "web"), "Off")] } };
        Assert.Equal("web (Off)", (string?)Single(advising, "rightsizing").Evidence["verticalPodAutoscaler"]);
    }

    public static TheoryData<string, double, bool> Idleness => new()
    {
        { "nothing to speak of", 0.01, true },
        { "a little, always", 0.03, false },
        { "much", 0.5, false },
    };

    [Theory]
    [InlineData(null, true)]
    [InlineData(0.0, true)]
    [InlineData(400.0, true)]
    [InlineData(600.0, false)]
    public void What_is_talked_to_is_not_abandoned_however_little_it_uses(double? bytesPerSecond, bool isIdle)
    {
        Uses("shop", "web", _ => 0.001);
        var traffic = bytesPerSecond is { } bytes ? new Dictionary<Workload, double> { [new("shop", "deployment", "web")] = bytes, [new("shop", "deployment", "other")] = 9000 } : null;
        var found = ClusterAdvisor.Advise(Facts(Pods("shop", "web", 2)) with { Traffic = traffic }).Recommendations.FirstOrDefault(one => one.Kind == "abandonedWorkload");
        Assert.Equal(isIdle, found is not null);
        if (found is not null)
            Assert.Equal(bytesPerSecond is null ? "\"not measured\"" : $"{{\"bytesPerSecond\":{bytesPerSecond}}}", found.Evidence["traffic"]!.ToJsonString());
    }

    [Theory, MemberData(nameof(Idleness))]
    public void A_workload_that_never_did_anything_is_abandoned(string what, double cores, bool isIdle)
    {
        Uses("shop", "web", _ => cores);
        Assert.True(ClusterAdvisor.Advise(Facts(Pods("shop", "web", 2))).Recommendations.Any(found => found.Kind == "abandonedWorkload") == isIdle, what);
    }

    [Fact]
    public void One_busy_hour_in_days_is_no_abandoned_workload()
    {
        Uses("shop", "web", hour => hour == 50 ? 0.9 : 0.001);
        Assert.DoesNotContain(ClusterAdvisor.Advise(Facts(Pods("shop", "web", 2))).Recommendations, found => found.Kind == "abandonedWorkload");
    }

    [Fact]
    public void A_namespace_is_idle_when_all_of_it_is_and_counts_once_with_its_workloads()
    {
        Uses("attic", "a", _ => 0.001);
        Uses("attic", "b", _ => 0.001);
        var pods = Pods("attic", "a", 1).Concat(Pods("attic", "b", 1)).ToList();
        var found = ClusterAdvisor.Advise(Facts(pods)).Recommendations;
        var space = Assert.Single(found, one => one.Kind == "idleNamespace");
        Assert.Equal(found.Where(one => one.Kind == "abandonedWorkload").Sum(one => one.Saving.Freed!.Value), space.Saving.Freed!.Value, 9);
        Assert.Equal(space.Claims.Select(claim => claim.What).Order(), found.Where(one => one.Kind == "abandonedWorkload").SelectMany(one => one.Claims).Select(claim => claim.What).Order());
        // Something that nothing is known of may be busy.
        Assert.DoesNotContain(ClusterAdvisor.Advise(Facts([.. pods, .. Pods("attic", "new", 1)])).Recommendations, one => one.Kind == "idleNamespace");
    }

    [Fact]
    public void Disks_and_load_balancers_are_told_after_their_time_and_are_cash()
    {
        var volume = new VolumeRow("pv", "pv", "fast", 10 * GiB, new ObjectKey("shop", "data"), "", "Bound", Noon.AddDays(-30));
        var service = new ServiceRow("lb", new ObjectKey("shop", "front"), Texts.None, true, "10.0.0.1", 1, Noon.AddDays(-30));
        var facts = Facts([]) with { Seen = new() { Volumes = [volume], Services = [service] } };
        book.Unused(UnusedAssets.Of(facts.Seen, facts.Survey, Noon.AddHours(-1)));
        Assert.Empty(ClusterAdvisor.Advise(facts).Recommendations);
        var later = facts with { Now = Noon.AddDays(3) };
        book.Unused(UnusedAssets.Of(later.Seen, later.Survey, later.Now));
        Assert.Equal(10 * 0.0001 * 730, Single(later, "unmountedVolume").Saving.Cash!.Value, 9);
        Assert.Null(Single(later, "idleLoadBalancer").Saving.Cash);
        // Used again, it begins anew.
        book.Unused(UnusedAssets.Of(later.Seen, later.Survey with { Served = new HashSet<ObjectKey> { service.Key } }, later.Now));
        Assert.DoesNotContain(ClusterAdvisor.Advise(later).Recommendations, found => found.Kind == "idleLoadBalancer");
    }

    [Fact]
    public void A_node_that_can_go_is_cash_and_the_outlook_says_what_more_would()
    {
        Uses("shop", "web", _ => 0.1);
        var facts = Facts([.. Pods("shop", "web", 6, "n1", "n2", "n3", "n4", "n1", "n2")], "n1", "n2", "n3", "n4");
        var findings = ClusterAdvisor.Advise(facts);
        var nodes = findings.Recommendations.Where(found => found.Kind == "underusedNode").ToList();
        Assert.All(nodes, node => Assert.Equal(730 * (4 * 0.03 + 16 * 0.004), node.Saving.Cash!.Value, 9));
        Assert.NotEmpty((JsonArray)nodes[0].Evidence["proof"]!["moves"]!);
        Assert.Equal(nodes.Count, (int)findings.Outlook["nodesNow"]!);
        Assert.True((int)findings.Outlook["nodesAfter"]! >= nodes.Count);
        // A budget that allows nothing keeps them all.
        var tight = facts with { Survey = facts.Survey with { TightBudgets = [new(new ObjectKey("shop", "web"), new Dictionary<string, string> { ["app"] = "web" })] } };
        Assert.DoesNotContain(ClusterAdvisor.Advise(tight).Recommendations, found => found.Kind == "underusedNode");
        Assert.Contains("PodDisruptionBudget web", ClusterAdvisor.Advise(tight).Outlook["keptNodes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quiet_night_needs_fewer_pods()
    {
        Uses("shop", "web", hour => hour % 24 is >= 8 and < 20 ? 0.8 : 0.1);
        var found = ClusterAdvisor.Advise(Facts(Pods("shop", "web", 4))).Recommendations.Where(one => one.Kind == "nightScaleDown").ToList();
        var workload = found.Single(one => one.ObjectKind == "Deployment");
        Assert.Equal((1, "20:00", "08:00"), ((int)workload.Recommended["replicas"]!, (string?)workload.Recommended["from"], (string?)workload.Recommended["to"]));
        Assert.Equal(4 * 730 * (0.03 + 0.004) * 0.75 / 2, workload.Saving.Freed!.Value, 6);
        // The cluster's is an estimate that claims nothing.
        Assert.Empty(found.Single(one => one.ObjectKind == "ClusterDeployment").Claims);
    }

    [Fact]
    public void Of_a_cluster_that_only_its_agent_sees_is_said_what_a_look_is_enough_for_and_why_not_more()
    {
        Uses("shop", "web", _ => 0.1);
        Uses("attic", "old", _ => 0.001);
        var front = new ServiceRow("lb", new ObjectKey("shop", "front"), Texts.Of(new Dictionary<string, string> { ["app"] = "web" }), true, "10.0.0.1", 1, Noon.AddDays(-30));
        var seen = new ClusterSnapshot
        {
            Nodes = Facts([]).Seen.Nodes,
            Pods = [Row("shop", "web"), Row("attic", "old"), Row("attic", "done") with { ControllerKind = "job", Containers = Sequence<ContainerRow>.Of([new("app", 1, GiB, 0, Noon, Noon, 0)]) }],
            Volumes = [new("pv", "pv", "fast", 10 * GiB, new ObjectKey("shop", "data"), "", "Bound", Noon.AddDays(-30)), new("lost", "lost", "fast", GiB, new ObjectKey("shop", "nobody"), "", "Bound", Noon.AddDays(-30))],
            // One is served by a pod, one by hand, one by nobody.
            Services = [front, front with { Uid = "own", Key = new("shop", "own"), Selector = Texts.None }, front with { Uid = "gone", Key = new("shop", "gone"), Selector = Texts.Of(new Dictionary<string, string> { ["app"] = "gone" }) }],
        };
        var facts = Facts([]) with { Seen = seen, Survey = LookSurvey.Of(seen) };
        book.Unused(UnusedAssets.Of(seen, facts.Survey, Noon.AddDays(-4)));
        var findings = ClusterAdvisor.Advise(facts);
        // Of requests nothing, since an autoscaler may be there; a Job that is over is no work in its namespace.
        Assert.Equal(
            ["abandonedWorkload old", "idleLoadBalancer gone", "idleNamespace attic", "unmountedVolume lost"],
            findings.Recommendations.Select(one => $"{one.Kind} {one.ObjectName}").Order(StringComparer.Ordinal));
        Assert.Equal(AdviceGaps.OfLook, findings.Gaps);

        static PodRow Row(string ns, string name) => new()
        {
            Uid = name, Key = new(ns, name), Node = "n1", ControllerKind = "deployment", Controller = name, Labels = Texts.Of(new Dictionary<string, string> { ["app"] = name }), Claims = Sequence<string>.Of(["data"]),
            Containers = Sequence<ContainerRow>.Of([new("app", 1, GiB, 0, Noon.AddDays(-9), null, 0)]),
        };
    }

    [Fact]
    public void What_nothing_is_said_of_is_named_instead_of_an_empty_list()
    {
        Assert.Equal("", ClusterAdvisor.Advise(Facts([])).Gaps);
        Assert.StartsWith("nobody measures what its containers use", ClusterAdvisor.Advise(Facts(Pods("shop", "web", 3))).Gaps, StringComparison.Ordinal);
        // What Kubernetes itself runs is not advised about anyway.
        Assert.Equal("", ClusterAdvisor.Advise(Facts(Pods("kube-system", "dns", 3))).Gaps);
        book.Fill(new("shop", "deployment", "web", "app"), Noon.AddHours(-1), 0.1, 0.1, 1e8);
        Assert.StartsWith("what its containers use is known of 12 looks: nothing is said of requests before 100,", ClusterAdvisor.Advise(Facts(Pods("shop", "web", 3))).Gaps, StringComparison.Ordinal);
        Uses("shop", "other", _ => 0.1);
        Assert.Equal("", ClusterAdvisor.Advise(Facts([.. Pods("shop", "web", 3), .. Pods("shop", "other", 1)])).Gaps);
    }

    [Theory]
    // Memory that is given back by night: CPU decides.
    [InlineData(0.2, 1)]
    // Of what four pods request, a little more than two can hold; and nearly all of it.
    [InlineData(0.55, 3)]
    [InlineData(0.9, null)]
    // More than it requests: what it holds by day is what a pod can hold.
    [InlineData(1.3, null)]
    public void A_night_is_told_only_as_far_as_the_pods_that_stay_hold_the_memory(double share, int? replicas)
    {
        Uses("shop", "web", hour => hour % 24 is >= 8 and < 20 ? 0.8 : 0.1, _ => share * GiB);
        var found = ClusterAdvisor.Advise(Facts(Pods("shop", "web", 4))).Recommendations.SingleOrDefault(one => one is { Kind: "nightScaleDown", ObjectKind: "Deployment" });
        Assert.Equal(replicas, (int?)found?.Recommended["replicas"]);
        if (found is null)
            return;
        Assert.Equal(replicas > 1, found.Summary.EndsWith("hold its memory", StringComparison.Ordinal));
        Assert.Equal(Math.Round(share * GiB), (double)found.Evidence["quietMemory"]!, 100.0);
        Assert.Equal(24, found.Evidence["memoryByHour"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(0.5, 1)]
    // Ten pods hold more than a machine of 16 GiB has, with what is kept for what comes; and more than both have.
    [InlineData(1.4, null)]
    public void A_cluster_s_night_needs_the_machines_that_hold_its_memory(double share, int? nodes)
    {
        Uses("shop", "web", hour => hour % 24 is >= 8 and < 20 ? 0.8 : 0.1, _ => share * GiB);
        var found = ClusterAdvisor.Advise(Facts(Pods("shop", "web", 10))).Recommendations.SingleOrDefault(one => one is { Kind: "nightScaleDown", ObjectKind: "ClusterDeployment" });
        Assert.Equal(nodes, (int?)found?.Recommended["nodes"]);
    }

    [Fact]
    public void The_same_thing_has_the_same_id_and_another_cluster_s_has_not()
    {
        Uses("shop", "web", _ => 0.1);
        var first = Single(Facts(Pods("shop", "web", 3)), "rightsizing");
        Uses("shop", "web", _ => 0.2);
        Assert.Equal(first.IdIn("uid"), Single(Facts(Pods("shop", "web", 4)), "rightsizing").IdIn("uid"));
        Assert.NotEqual(first.IdIn("uid"), first.IdIn("other"));
    }

    private static Recommendation Single(AdviceFacts facts, string kind) => Assert.Single(ClusterAdvisor.Advise(facts).Recommendations, found => found.Kind == kind);

    private void Uses(string ns, string name, Func<int, double> cores, Func<int, double>? bytes = null)
    {
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            var at = new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero).AddHours(hour);
            book.Fill(new(ns, "deployment", name, "app"), at, cores(at.Hour + 24 * (hour / 24)), cores(at.Hour + 24 * (hour / 24)), bytes?.Invoke(at.Hour) ?? 1e8);
        }
    }

    private AdviceFacts Facts(IEnumerable<SurveyPod> pods, params string[] nodes)
    {
        if (nodes.Length == 0)
            nodes = ["n1", "n2"];
        List<NodeRow> rows = [.. nodes.Select(name => new NodeRow { Uid = name, Name = name, Cores = 4, RamBytes = 16 * GiB })];
        return new()
        {
            Cluster = "team/prod",
            Seen = new() { Nodes = rows },
            Survey = new()
            {
                Pods = [.. pods],
                Nodes = [.. nodes.Select(name => new PackingNode { Name = name, Allocatable = new Dictionary<string, double> { ["cpu"] = 4, ["memory"] = 16 * GiB, ["pods"] = 110 } })],
            },
            Usage = book, Prices = new(Prices, rows, Noon), Now = Noon, Options = new(),
        };
    }

    private static IEnumerable<SurveyPod> Pods(string ns, string name, int count, params string[] nodes) => Enumerable.Range(0, count).Select(at =>
    {
        var node = nodes.Length > 0 ? nodes[at] : "n1";
        return new SurveyPod
        {
            Workload = new(ns, "deployment", name), Key = new(ns, $"{name}-{at}"), Node = node, IsThere = true, Created = Noon.AddDays(-9), QosClass = "Burstable",
            Labels = new Dictionary<string, string> { ["app"] = name }, Containers = [new("app", 1, GiB, null, null)],
            Packing = new() { Name = $"{ns}/{name}-{at}", Node = node, Requests = new Dictionary<string, double> { ["cpu"] = 1, ["memory"] = GiB } },
        };
    });

    private static DynamicObject Scaler(string type) => new(JsonNode.Parse($$"""
        {"metadata":{"name":"web","namespace":"shop"},"spec":{"scaleTargetRef":{"kind":"Deployment","name":"web"},"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"{{type}}"} } }]} }
        """)!.AsObject());

    private static PriceBook Prices { get; } = new(
    [
        new("sheet", new()
        {
            Currency = "EUR",
            Periods = [new() { ValidFrom = Noon.AddYears(-1), Nodes = [new() { CpuCoreHour = 0.03m, RamGibHour = 0.004m }], Storage = [new() { GibHour = 0.0001m }] }],
        }),
    ]);
}
