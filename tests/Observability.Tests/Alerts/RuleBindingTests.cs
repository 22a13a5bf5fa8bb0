using Fleet.Contracts.Alerts;
using Fleet.Observability.Alerts.Rules;
using Fleet.Observability.Alerts.Sources;

namespace Fleet.Observability.Tests.Alerts;

public sealed class RuleBindingTests
{
    /// <summary>A certificate that ends in ten days, by a rule of 14 days, with overrides for some clusters.</summary>
    [Theory]
    [InlineData("plain", 10, "warning")]
    [InlineData("plain", 15, null)]
    [InlineData("early", 29, "critical")]
    [InlineData("early", 31, null)]
    [InlineData("late", 10, null)]
    [InlineData("late", 1, "warning")]
    [InlineData("off", 0, null)]
    [InlineData("other", 10, "warning")]
    public void Clusters_may_have_another_threshold_for_the_end_of_certificates(string tier, double days, string? severity)
    {
        var rule = new AlertRuleEntry { Alert = "CertificateExpires", Certificate = new() { ExpiresWithin = "336h" }, Severity = "warning" };
        var spec = new AlertRuleSpec
        {
            Rules = [rule],
            Overrides =
            [
                new() { ClusterSelector = Tier("early"), Alerts = ["CertificateExpires"], Duration = "720h", Severity = "critical" },
                new() { ClusterSelector = Tier("late"), Duration = "48h" },
                new() { ClusterSelector = Tier("off"), Disabled = true },
                new() { ClusterSelector = Tier("other"), Alerts = ["Another"], Disabled = true },
            ],
        };
        var cluster = new AlertedCluster(new("team", "web"), "u", default, new Dictionary<string, string> { ["tier"] = tier }, false, false, [], []);
        var found = new RuleBinding(spec, rule).Bind([SourceSample.Of(cluster.Key, TimeSpan.FromDays(days).TotalSeconds, ("certificate", "client"))], _ => cluster);
        Assert.Equal(severity is null ? [] : [severity], found.Select(alert => alert.Labels["severity"]));
    }

    private static Contracts.References.LabelSelector Tier(string tier) => new() { MatchLabels = new() { ["tier"] = tier } };
}
