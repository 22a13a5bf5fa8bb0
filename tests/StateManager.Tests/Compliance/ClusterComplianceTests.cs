using System.Globalization;
using Fleet.Contracts.Compliance;
using Fleet.Contracts.References;
using Fleet.StateManager.Compliance;
using Fleet.StateManager.Compliance.Exceptions;
using Fleet.StateManager.Compliance.Findings;
using Fleet.StateManager.Compliance.Storage;
using Fleet.StateManager.MultiClusterServices;

namespace Fleet.StateManager.Tests.Compliance;

/// <summary>Findings and exceptions to figures, and figures to what has to be written.</summary>
public sealed class ClusterComplianceTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-21T12:00:00Z", CultureInfo.InvariantCulture);
    private static readonly SelectableCluster Cluster = new(new("team-a", "prod"), "u", new Dictionary<string, string> { ["env"] = "prod" }, false, false);

    private static readonly ClusterFindings Found = ClusterFindings.Of(
        ["policyreports.wgpolicyk8s.io"],
        [
            Of(Finding("labels", "shop", "Pod", "cart-1", FindingResult.Fail), Finding("labels", "shop", "Pod", "cart-2", FindingResult.Warn)),
            Of(Finding("labels", "shop", "Pod", "front", FindingResult.Fail), Finding("labels", "ops", "Job", "run", FindingResult.Error), Finding("tags", "shop", "Pod", "cart-1", FindingResult.Pass)),
            Of(Finding("tags", "", "Node", "a", FindingResult.Fail)),
        ]);

    public static TheoryData<string, ComplianceExceptionSpec, string> Exceptions => new()
    {
        { "all of a policy", Spec(s => s.Policies = ["labels"]), "Error run, Fail cart-1, Fail front, Warn cart-2" },
        { "by a pattern", Spec(s => s.Policies = ["t*"]), "Fail a" },
        { "everything", Spec(s => s.Policies = ["*"]), "Error run, Fail a, Fail cart-1, Fail front, Warn cart-2" },
        { "in a namespace", Spec(s => s.Namespaces = ["ops"]), "Error run" },
        { "objects by name", Spec(s => s.Resources = [new() { Kind = "Pod", Name = "cart-*" }]), "Fail cart-1, Warn cart-2" },
        { "objects by kind", Spec(s => s.Resources = [new() { Kind = "Job" }, new() { Kind = "Node" }]), "Error run" },
        { "another rule", Spec(s => s.Rules = ["other"]), "" },
        { "the rule", Spec(s => s.Rules = ["other", "r"]), "Error run, Fail cart-1, Fail front, Warn cart-2" },
        { "another case", Spec(s => s.Policies = ["Labels"]), "" },
        { "another policy", Spec(s => s.Policies = ["label"]), "" },
        { "by labels of the cluster", Spec(s => (s.Clusters, s.ClusterSelector) = (null, new LabelSelector { MatchLabels = new() { ["env"] = "prod" } })), "Error run, Fail cart-1, Fail front, Warn cart-2" },
        { "by other labels", Spec(s => (s.Clusters, s.ClusterSelector) = (null, new LabelSelector { MatchLabels = new() { ["env"] = "test" } })), "" },
        { "an empty selector", Spec(s => (s.Clusters, s.ClusterSelector) = (null, new LabelSelector())), "" },
        { "another cluster", Spec(s => s.Clusters = ["test"]), "" },
        { "no cluster", Spec(s => s.Clusters = null), "" },
        { "ended", Spec(s => s.Expires = Now), "" },
        { "without a day", Spec(s => s.Expires = default), "" },
    };

    [Theory, MemberData(nameof(Exceptions))]
    public void An_exception_covers(string what, ComplianceExceptionSpec spec, string covered)
    {
        var report = Judge(Row("e", spec));
        Assert.Equal(covered, string.Join(", ", report.Findings.Where(f => f.ExceptedBy == "e").Select(f => $"{f.Finding.Result} {f.Finding.Name}").Order()));
        // However it is covered, nothing is lost and nothing counts twice.
        var total = report.Total;
        Assert.Equal((1, 5, report.Findings.Count(f => f.ExceptedBy is not null)), (total.Pass, total.Fail + total.Warn + total.Error + total.Excepted, total.Excepted));
        Assert.True(Same(Found, report.WithoutExceptions()), what);
    }

    [Fact]
    public void An_exception_of_another_namespace_covers_nothing() => Assert.Equal(0, Judge(Row("e", Spec(_ => { }), "team-b")).Total.Excepted);

    [Fact]
    public void Two_exceptions_cover_a_finding_once()
    {
        var report = Judge(Row("a", Spec(s => s.Namespaces = ["ops"])), Row("b", Spec(_ => { })));
        Assert.Equal(new ResultCounts(1, 1, 0, 0, 0, 4), report.Total);
        Assert.Equal(["a", "b"], report.Findings.Select(f => f.ExceptedBy).OfType<string>().Distinct().Order());
    }

    [Fact]
    public void Worst_comes_first_and_rows_are_in_order()
    {
        Assert.Equal(["Fail cart-1", "Fail front", "Fail a", "Error run", "Warn cart-2"], Found.Findings.Select(f => $"{f.Result} {f.Name}"));
        Assert.Equal(["labels ops 0+0+0+1", "labels shop 0+2+1+0", "tags  0+1+0+0", "tags shop 1+0+0+0"],
            Found.Counts.Select(r => $"{r.Key.Policy} {r.Key.Namespace} {r.Counts.Pass}+{r.Counts.Fail}+{r.Counts.Warn}+{r.Counts.Error}"));
    }

    [Fact]
    public void A_cluster_with_too_much_is_counted_in_full_and_kept_in_part()
    {
        var many = ClusterFindings.Of([], Enumerable.Range(0, 300).Select(report => Of(
            [.. Enumerable.Range(0, 100).Select(i => Finding($"p{report}", $"n{i}", "Pod", $"x{i}", i == 0 ? FindingResult.Fail : FindingResult.Warn))])));
        Assert.Equal((ClusterFindings.MostFindings, 20_000, 30_000), (many.Findings.Count, many.LeftOut, many.Counts.Sum(r => r.Counts.Fail + r.Counts.Warn)));
        Assert.Equal(300, many.Findings.Count(f => f.Result == FindingResult.Fail));
        Assert.Equal(ClusterFindings.MostRows + 1, many.Counts.Count);
        Assert.Equal(10_000, many.Counts.Single(r => r.Key == PolicyKey.Rest).Counts is var rest ? rest.Fail + rest.Warn : 0);
        // Findings whose row was put together with others can be covered as well.
        Assert.Equal(10_000, ClusterCompliance.Of(many, [Row("e", Spec(s => s.Policies = ["*"]))]).Total.Excepted);
    }

    [Fact]
    public void Only_what_has_changed_is_written()
    {
        var before = Judge();
        Assert.Equal((4, 0, 5, 0), Sizes(ComplianceDiff.Of(null, before)));
        Assert.Equal((0, 0, 0, 0), Sizes(ComplianceDiff.Of(before, Judge())));
        Assert.Equal((1, 0, 1, 0), Sizes(ComplianceDiff.Of(before, Judge(Row("e", Spec(s => s.Namespaces = ["ops"]))))));
        Assert.Equal((0, 4, 0, 5), Sizes(ComplianceDiff.Of(before, null)));
        var less = ClusterFindings.Of([], [Of(Finding("labels", "shop", "Pod", "cart-1", FindingResult.Fail))]);
        Assert.Equal((1, 3, 0, 4), Sizes(ComplianceDiff.Of(before, ClusterCompliance.Of(less, []))));
    }

    [Fact]
    public void The_same_said_twice_is_two_findings()
    {
        var twice = ClusterCompliance.Of(ClusterFindings.Of([], [Of(Finding("p", "n", "Pod", "x", FindingResult.Fail)), Of(Finding("p", "n", "Pod", "x", FindingResult.Fail))]), []);
        var diff = ComplianceDiff.Of(null, twice);
        Assert.Equal((2, 2), (diff.Counts.Single().Counts.Fail, diff.Findings.Select(f => f.Place).Distinct().Count()));
    }

    private static ClusterCompliance Judge(params ExceptionRow[] exceptions) => ClusterCompliance.Of(Found, [.. exceptions.Where(e => e.IsActive(Now) && e.Covers(Cluster))]);

    private static bool Same(ClusterFindings a, ClusterFindings b) =>
        a.Kinds.SequenceEqual(b.Kinds) && a.Counts.SequenceEqual(b.Counts) && a.Findings.SequenceEqual(b.Findings) && a.LeftOut == b.LeftOut;

    private static (int, int, int, int) Sizes(ComplianceDiff diff) => (diff.Counts.Count, diff.Gone.Count, diff.Findings.Count, diff.GoneFindings.Count);

    private static ExceptionRow Row(string name, ComplianceExceptionSpec spec, string @namespace = "team-a") => new(new(@namespace, name), 1, spec);

    private static ComplianceExceptionSpec Spec(Action<ComplianceExceptionSpec> change)
    {
        var spec = new ComplianceExceptionSpec { Clusters = ["prod"], Policies = ["labels"], Reason = "r", Expires = Now.AddDays(1) };
        change(spec);
        return spec;
    }

    private static Finding Finding(string policy, string @namespace, string kind, string name, FindingResult result) =>
        new() { Key = new("kyverno", policy, @namespace), Result = result, Rule = "r", Kind = kind, Name = name };

    private static ReportFindings Of(params Finding[] findings)
    {
        var gathered = new FindingGathering();
        foreach (var finding in findings)
            gathered.Add(finding);
        return gathered.Result();
    }
}
