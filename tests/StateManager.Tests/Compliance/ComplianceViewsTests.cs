using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts.Compliance;
using Fleet.StateManager.Api;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Compliance.Collection;
using Fleet.StateManager.Compliance.Exceptions;
using Fleet.StateManager.Compliance.Storage;

namespace Fleet.StateManager.Tests.Compliance;

/// <summary>Kinds that tell of policies, how fresh figures are, the days of a trend, the condition of an exception.</summary>
public sealed class ComplianceViewsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-21T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public void Each_kind_is_watched_once_in_the_version_that_the_server_prefers()
    {
        var kinds = ComplianceKinds.Of("wgpolicyk8s.io",
        [
            ("v1beta1", List(("policyreports", "PolicyReport", true), ("policyreports/status", "PolicyReport", true), ("others", "Other", true))),
            ("v1alpha2", List(("policyreports", "PolicyReport", true), ("clusterpolicyreports", "ClusterPolicyReport", false))),
        ]);
        Assert.Equal(["clusterpolicyreports v1alpha2 False", "policyreports v1beta1 True"], kinds.Select(k => $"{k.Plural} {k.Version} {k.Namespaced}"));
        // Of Gatekeeper's group every kind is a constraint.
        Assert.Equal(["K8sAny"], ComplianceKinds.Of("constraints.gatekeeper.sh", [("v1beta1", List(("k8sany", "K8sAny", false), ("k8sany/status", "K8sAny", false)))]).Select(k => k.Kind));
        Assert.Empty(ComplianceKinds.Of("openreports.io", [("v1alpha1", [])]));
    }

    [Theory]
    [InlineData("policyreports.wgpolicyk8s.io", true)]
    [InlineData("k8srequiredlabels.constraints.gatekeeper.sh", true)]
    [InlineData("reports.openreports.io", true)]
    [InlineData("constrainttemplates.templates.gatekeeper.sh", false)]
    [InlineData("wgpolicyk8s.io", false)]
    [InlineData("", false)]
    public void Definitions_that_matter(string name, bool matters) => Assert.Equal(matters, ComplianceKinds.MayMatter(name));

    [Fact]
    public void A_day_without_a_change_is_as_the_day_before_and_days_before_the_first_are_not_known()
    {
        var days = ComplianceViewsFrom.Days([Day("2026-11-17", 5), Day("2026-11-20", 2)], new DateOnly(2026, 11, 21));
        Assert.Equal(["17:5", "18:5", "19:5", "20:2", "21:2"], days.Select(d => $"{d.Day.Day}:{d.Fail}"));
        Assert.Empty(ComplianceViewsFrom.Days([], new DateOnly(2026, 11, 21)));
    }

    [Theory]
    [InlineData(10, null, false, null)]
    [InlineData(180, null, false, null)]
    [InlineData(190, null, true, "nobody has looked since")]
    [InlineData(10, "refused", true, "refused")]
    [InlineData(null, "not connected yet", true, "not connected yet")]
    public void Figures_are_stale_when_the_cluster_is_away_or_nobody_confirms_them(int? age, string? problem, bool isStale, string? said)
    {
        var row = new ComplianceClusterRow { Namespace = "a", Cluster = "b", Kinds = [], LeftOut = 0, Problem = problem, ObservedAt = age is { } seconds ? Now.AddSeconds(-seconds) : null };
        var view = ComplianceViewsFrom.Cluster(row, default, new ComplianceOptions(), Now);
        Assert.Equal((isStale, said, row.ObservedAt), (view.Stale, view.Problem, view.ObservedAt));
    }

    [Theory]
    [InlineData("2026-11-21T12:00:01Z", "True InForce Counts until 2026-11-21 12:00Z")]
    [InlineData("2026-11-21T12:00:00Z", "False Expired Ended at 2026-11-21 12:00Z: what it covered counts again")]
    public void The_condition_says_until_when(string expires, string condition)
    {
        var row = new ExceptionRow(new("a", "e"), 7, new ComplianceExceptionSpec { Expires = DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture) });
        var found = Assert.Single(ExceptionConditionsFrom.All(row, Now));
        Assert.Equal((condition, 7L), ($"{found.Status} {found.Reason.Value} {found.Message}", found.ObservedGeneration));
        Assert.Equal(ComplianceExceptionConditions.Active, found.Type);
    }

    private static ComplianceDay Day(string day, int fail) => new(DateOnly.Parse(day, CultureInfo.InvariantCulture), 0, fail, 0, 0, 0, 0);

    private static JsonObject List(params (string Name, string Kind, bool Namespaced)[] resources) => new()
    {
        ["resources"] = new JsonArray([.. resources.Select(r => (JsonNode)new JsonObject { ["name"] = r.Name, ["kind"] = r.Kind, ["namespaced"] = r.Namespaced })]),
    };
}
