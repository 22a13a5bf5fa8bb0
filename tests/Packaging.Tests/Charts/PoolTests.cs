using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>Replicas for pinned clusters: one more Deployment for each pool of a service, behind the Service of all.</summary>
public sealed class PoolTests
{
    private const string Helm = "3.18.0";

    /// <summary>Nothing that is made by chance, so that two renderings can be compared.</summary>
    private static readonly string[] Steady = ["tls.enabled=false", "postgresql.existingSecret=own"];

    private static readonly string[] Services = ["cluster-manager", "state-manager", "observability"];

    private static readonly string[] Keys = ["clusterManager", "stateManager", "observability"];

    private static readonly string[] ThreePools = [.. from key in Keys from pool in (string[])["europe", "bigbank", "007"] select $"{key}.pools.{pool}.replicas=1"];

    [Fact]
    public void No_pod_fits_the_selectors_of_two_Deployments_nor_of_two_budgets()
    {
        var chart = RenderedChart.Of(Helm, ThreePools);
        foreach (var kind in (string[])["Deployment", "PodDisruptionBudget"])
        {
            var selectors = chart.Of(kind).Select(item => (Name: RenderedChart.Name(item), Labels: item["spec"]!["selector"]!["matchLabels"]!.AsObject())).ToList();
            Assert.Equal(13, selectors.Count);
            foreach (var (one, other) in from first in selectors from second in selectors where string.CompareOrdinal(first.Name, second.Name) < 0 select (first, second))
                Assert.True(one.Labels.Any(label => other.Labels[label.Key] is { } value && (string)value! != (string)label.Value!), $"a pod could be of both {one.Name} and {other.Name}");
            foreach (var (name, labels) in selectors)
                Assert.Equal([name], chart.Pods().Where(pod => RenderedChart.Selects(labels, pod.Labels)).Select(pod => pod.Name));
        }
    }

    /// <summary>A selector cannot be changed, and a pod that is made anew for nothing is one that does not work meanwhile.</summary>
    [Fact]
    public void The_general_replicas_stay_as_they_are_when_pools_are_added()
    {
        var without = RenderedChart.Of(Helm, Steady);
        var with = RenderedChart.Of(Helm, [.. Steady, .. ThreePools, "pins[0].pool=europe", "pins[0].region=eu-west"]);
        foreach (var service in Services)
            Assert.Equal(Deployment(without, $"fleet-{service}").ToJsonString(), Deployment(with, $"fleet-{service}").ToJsonString());
        // The Service selects them before and after, so that nobody finds it empty in between.
        foreach (var service in with.Of("Service"))
            Assert.All(without.Pods().Where(pod => pod.Name == RenderedChart.Name(service)), pod => Assert.True(RenderedChart.Selects(service["spec"]!["selector"]!, pod.Labels)));
        Assert.DoesNotContain(without.Objects, item => item.ToJsonString().Contains("fleet-pool", StringComparison.Ordinal));
        Assert.False(without.Has("ConfigMap", "fleet-pins"));
    }

    [Fact]
    public void A_service_its_monitor_and_its_policies_are_for_the_replicas_of_all_pools()
    {
        var chart = RenderedChart.Of(Helm, [.. ThreePools, "serviceMonitor.enabled=true"]);
        foreach (var service in Services)
        {
            var name = $"fleet-{service}";
            string[] all = [name, $"{name}-007", $"{name}-bigbank", $"{name}-europe"];
            var ofService = chart.Of("Service").Single(item => RenderedChart.Name(item) == name);
            Assert.Equal(all, Fitting(ofService["spec"]!["selector"]!));
            Assert.True(RenderedChart.Selects(chart.Of("ServiceMonitor").Single(item => RenderedChart.Name(item) == name)["spec"]!["selector"]!["matchLabels"]!, ofService["metadata"]!["labels"]!.AsObject()));
            var policy = Policy(name);
            Assert.Equal(all, Fitting(policy["podSelector"]!["matchLabels"]!));
            Assert.Equal(all, From(policy, 8090).SelectMany(Fitting).Order(StringComparer.Ordinal));
            // Replicas call those of other services, whatever pool they are of; the gateway, too.
            foreach (var other in chart.Pods().Where(pod => pod.Name == "fleet-gateway" || Services.Any(part => pod.Name.StartsWith($"fleet-{part}", StringComparison.Ordinal))))
                Assert.Contains(From(policy, (int)(long)ofService["spec"]!["ports"]![0]!["port"]!), peer => RenderedChart.Selects(peer, other.Labels));
            Assert.All(all, replica => Assert.Contains(From(Policy("fleet-postgresql"), 5432), peer => Fitting(peer).Contains(replica)));
            Assert.All(all, replica => Assert.Contains(Peers(Policy("fleet-gateway")["egress"]![0]!["to"]), peer => Fitting(peer).Contains(replica)));
        }

        IEnumerable<string> Fitting(JsonNode selector) => chart.Pods().Where(pod => RenderedChart.Selects(selector, pod.Labels)).Select(pod => pod.Name).Order(StringComparer.Ordinal);
        JsonObject Policy(string name) => chart.Of("NetworkPolicy").Single(item => RenderedChart.Name(item) == name)["spec"]!.AsObject();
        static IEnumerable<JsonNode> Peers(JsonNode? peers) => peers!.AsArray().Select(peer => peer!["podSelector"]!["matchLabels"]!);
        static IEnumerable<JsonNode> From(JsonObject policy, int port) => Peers(policy["ingress"]!.AsArray().Single(rule => rule!["ports"]!.AsArray().Any(open => (long)open!["port"]! == port))!["from"]);
    }

    [Fact]
    public void A_pool_differs_in_what_it_states_and_is_as_its_service_in_the_rest()
    {
        var chart = RenderedChart.Of(Helm, "image.tag=v1", "nodeSelector.disk=ssd", "tolerations[0].key=all", "priorityClassName=high", "stateManager.replicas=3", "stateManager.environment.A=1", "stateManager.environment.B=2",
            "stateManager.pools.europe.replicas=2", "stateManager.pools.europe.tag=v2", "stateManager.pools.europe.resources.limits.memory=4Gi", "stateManager.pools.europe.environment.B=3",
            "stateManager.pools.europe.nodeSelector.region=eu", "stateManager.pools.europe.tolerations[0].key=eu", "stateManager.pools.europe.affinity.podAntiAffinity.x=y", "stateManager.pools.europe.priorityClassName=low",
            "stateManager.pools.lab.replicas=1", "stateManager.pools.patient.priorityClassName=", "clusterManager.backups.existingClaim=nfs", "clusterManager.pools.europe.replicas=1");
        var europe = Deployment(chart, "fleet-state-manager-europe");
        var pod = europe["template"]!["spec"]!;
        Assert.Equal((2, 1), ((long)europe["replicas"]!, (long)Deployment(chart, "fleet-state-manager-lab")["replicas"]!));
        Assert.Equal("fleet/fleet-state-manager:v2", (string)pod["containers"]![0]!["image"]!);
        Assert.Equal("""{"limits":{"memory":"4Gi"},"requests":{"cpu":"200m","memory":"256Mi"}}""", pod["containers"]![0]!["resources"]!.ToJsonString());
        Assert.Equal(["A=1", "B=3"], Variables(pod));
        Assert.Equal(("""{"region":"eu"}""", """[{"key":"eu"}]""", """{"podAntiAffinity":{"x":"y"}}""", "low"),
            (pod["nodeSelector"]!.ToJsonString(), pod["tolerations"]!.ToJsonString(), pod["affinity"]!.ToJsonString(), (string)pod["priorityClassName"]!));
        Assert.Contains("--replica-pool=europe", Arguments(chart, "fleet-state-manager-europe"));
        // All else is the service's own: account, arguments, volumes, probes.
        Assert.Equal(Arguments(chart, "fleet-state-manager"), Arguments(chart, "fleet-state-manager-europe").Where(argument => argument != "--replica-pool=europe"));
        var general = Deployment(chart, "fleet-state-manager")["template"]!["spec"]!;
        Assert.Equal(("fleet/fleet-state-manager:v1", 3), ((string)general["containers"]![0]!["image"]!, (long)Deployment(chart, "fleet-state-manager")["replicas"]!));
        Assert.Equal(["A=1", "B=2"], Variables(general));
        var lab = Deployment(chart, "fleet-state-manager-lab")["template"]!["spec"]!;
        foreach (var field in (string[])["nodeSelector", "tolerations", "priorityClassName", "volumes", "serviceAccountName", "securityContext"])
            Assert.Equal(general[field]!.ToJsonString(), lab[field]!.ToJsonString());
        Assert.Equal(general["volumes"]!.ToJsonString(), pod["volumes"]!.ToJsonString());
        Assert.Null(Deployment(chart, "fleet-state-manager-patient")["template"]!["spec"]!["priorityClassName"]);
        // A claim that several pods can mount is mounted by all.
        Assert.Contains("nfs", Deployment(chart, "fleet-cluster-manager-europe")["template"]!["spec"]!["volumes"]!.ToJsonString(), StringComparison.Ordinal);

        static IEnumerable<string> Variables(JsonNode pod) => pod["containers"]![0]!["env"]!.AsArray().Where(variable => ((string)variable!["name"]!).Length == 1).Select(variable => $"{variable!["name"]}={variable["value"]}");
    }

    [Theory, InlineData("3.18.0"), InlineData("4.1.4")]
    public void Pins_are_written_down_in_the_order_in_which_they_are_given(string helm)
    {
        // A pool of one service only: general replicas of the others do its work.
        var chart = RenderedChart.Of(helm, "observability.pools.lab.replicas=1", "stateManager.pools.europe.replicas=1",
            "pins[0].pool=lab", "pins[0].clusterSelector.matchLabels.env=lab", "pins[0].clusterSelector.matchExpressions[0].key=tier", "pins[0].clusterSelector.matchExpressions[0].operator=NotIn",
            "pins[0].clusterSelector.matchExpressions[0].values={gold}", "pins[1].pool=europe", "pins[1].region=eu-west", "pins[1].namespace=bigbank", "pins[2].pool=lab", "pins[2].namespace=tests");
        var map = chart.Of("ConfigMap").Single(item => RenderedChart.Name(item) == "fleet-pins");
        Assert.Equal("kcm-system", (string)map["metadata"]!["namespace"]!);
        Assert.Equal(["pins.yaml"], map["data"]!.AsObject().Select(entry => entry.Key));
        var pins = KubernetesYaml.ReadAll($"pins:\n{(string)map["data"]!["pins.yaml"]!}").Single()["pins"]!.AsArray();
        Assert.Equal(
            ["""{"clusterSelector":{"matchExpressions":[{"key":"tier","operator":"NotIn","values":["gold"]}],"matchLabels":{"env":"lab"}},"pool":"lab"}""",
                """{"namespace":"bigbank","pool":"europe","region":"eu-west"}""", """{"namespace":"tests","pool":"lab"}"""],
            pins.Select(pin => pin!.ToJsonString()));
    }

    /// <summary><c>helm upgrade --reuse-values</c> from a release of a chart that knew no pools.</summary>
    [Fact]
    public void Values_of_an_older_release_are_enough() =>
        Assert.Equal(RenderedChart.Render(Helm, Steady).Out, RenderedChart.Render(Helm, [.. Steady, "pins=null", .. Keys.Select(key => $"{key}.pools=null")]).Out);

    [Theory]
    [InlineData("pins[0].pool=europ,pins[0].region=eu-west,stateManager.pools.europe.replicas=1", "no service has a pool \"europ\"; there are: europe")]
    [InlineData("pins[0].pool=europe,pins[0].region=eu-west", "there are: none")]
    [InlineData("pins[0].pool=europe,stateManager.pools.europe.replicas=1", "pins[0] says no cluster: state region, namespace or clusterSelector")]
    [InlineData("pins[0].region=eu-west", "pool")]
    [InlineData("pins[0].pool=Europe,pins[0].region=eu-west", "pool")]
    [InlineData("pins[0].pool=europe,pins[0].tenant=bigbank", "tenant")]
    [InlineData("pins[0].pool=europe,pins[0].clusterSelector.labels.env=lab", "labels")]
    [InlineData("pins[0].pool=europe,pins[0].clusterSelector.matchLabels.tier=1", "tier")]
    [InlineData("pins[0].pool=europe,pins[0].clusterSelector.matchExpressions[0].key=env,pins[0].clusterSelector.matchExpressions[0].operator=Like", "operator")]
    [InlineData("pins[0].pool=europe,pins[0].clusterSelector.matchExpressions[0].key=env,pins[0].clusterSelector.matchExpressions[0].operator=In", "values")]
    [InlineData("stateManager.pools.europe.replicas=0", "replicas")]
    [InlineData("stateManager.pools.europe.replica=2", "replica")]
    [InlineData("stateManager.pools.Europe.replicas=2", "Europe")]
    [InlineData("stateManager.pools.a234567890123456789012345678901234567890123456789012345678901234.replicas=1", "less than or equal to 63")]
    [InlineData("clusterManager.backups.size=50Gi,clusterManager.pools.europe.replicas=1", "backups.existingClaim")]
    [InlineData("observability.pools.europe.replicas=1,observability.metricsStore.url=http://vm:8428/api/v1/write,observability.queue.size=10Gi", "observability.queue.size")]
    public void Wrong_pins_and_pools_are_refused_by_name(string values, string said)
    {
        var (code, _, error) = RenderedChart.Render(Helm, values);
        Assert.NotEqual(0, code);
        Assert.Contains(said, error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void There_may_be_sixteen_pools_over_all_services()
    {
        string[] sixteen = [.. Enumerable.Range(0, 16).Select(number => $"{Keys[number % 3]}.pools.p{number}.replicas=1")];
        Assert.Equal(0, RenderedChart.Render(Helm, sixteen).Code);
        Assert.Contains("there are 17, and may be 16", RenderedChart.Render(Helm, [.. sixteen, "stateManager.pools.more.replicas=1"]).Error, StringComparison.Ordinal);
    }

    private static JsonObject Deployment(RenderedChart chart, string name) => chart.Of("Deployment").Single(item => RenderedChart.Name(item) == name)["spec"]!.AsObject();

    private static IEnumerable<string> Arguments(RenderedChart chart, string name) => RenderedChart.Texts(Deployment(chart, name)["template"]!["spec"]!["containers"]![0]!["args"]);
}
