using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;
using Fleet.Contracts.Alerts;
using Fleet.Control.Alerts;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Tests.Admission;

/// <summary>The shipped rules and route: accepted, complete, and what their texts name is there.</summary>
public class AlertSamplesTests
{
    private static readonly string[] Sources = ["ClusterNotReady", "ServiceFailed", "ServiceDrifted", "DataStale", "CertificateExpires", "BudgetCrossed", "CostAnomaly", "BackupOld"];

    [Fact]
    public void Every_object_is_accepted() =>
        Assert.All(Objects(), item => Assert.Empty(ManifestRules.Check("k0rdent.mirantis.com", (string)item["kind"]!, item, null)));

    [Fact]
    public void What_should_alert_does_and_says_so()
    {
        var rules = Objects().Where(item => (string?)item["kind"] == "AlertRule").SelectMany(item => (JsonArray)item["spec"]!["rules"]!).Select(rule => rule!.AsObject()).ToList();
        Assert.Equal(Sources.Order(), rules.Select(rule => (string)rule["alert"]!).Order());
        Assert.All(rules, rule =>
        {
            var summary = AlertTemplate.Parse((string)rule["annotations"]!["summary"]!);
            Assert.All(summary.Places, place => Assert.True(place == "$value" || place.StartsWith("$labels.", StringComparison.Ordinal), place));
            Assert.Matches(AlertPatterns.Name, (string)rule["alert"]!);
        });
    }

    [Fact]
    public void The_route_names_receivers_that_are_there()
    {
        var receivers = Objects().Where(item => (string?)item["kind"] == "Receiver").Select(item => (string)item["metadata"]!["name"]!).ToHashSet();
        var route = Objects().Single(item => (string?)item["kind"] == "AlertRoute")["spec"]!;
        Assert.All(((JsonArray)route["routes"]!).Select(one => (string)one!["receiver"]!).Append((string)route["receiver"]!), name => Assert.Contains(name, receivers));
    }

    private static List<JsonObject> Objects()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "deploy", "samples", "alerts")))
            folder = Path.GetDirectoryName(folder)!;
        return [.. Directory.EnumerateFiles(Path.Combine(folder, "deploy", "samples", "alerts"), "*.yaml").Order(StringComparer.Ordinal).SelectMany(file => KubernetesYaml.ReadAll(File.ReadAllText(file))).Select(item => item.AsObject())];
    }
}
