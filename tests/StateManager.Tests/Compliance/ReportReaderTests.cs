using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Compliance.Findings;

namespace Fleet.StateManager.Tests.Compliance;

/// <summary>Reports and constraints as engines write them, and as nobody should.</summary>
public sealed class ReportReaderTests
{
    /// <summary>Kyverno's: one report for each object, which is its scope.</summary>
    private const string Kyverno = """
        apiVersion: wgpolicyk8s.io/v1alpha2
        kind: PolicyReport
        metadata: {name: 9a1b, namespace: shop}
        scope: {apiVersion: v1, kind: Pod, name: cart-1, namespace: shop}
        results:
        - {source: kyverno, policy: require-labels, rule: team, result: fail, severity: high, category: Best Practices, scored: true, message: "label 'team' is needed", timestamp: {nanos: 0, seconds: 1760000000}}
        - {source: kyverno, policy: require-labels, rule: app, result: pass, scored: true}
        - {source: kyverno, policy: no-latest, rule: tag, result: pass, scored: true}
        - {source: kyverno, policy: no-latest, rule: digest, result: skip, scored: true}
        - {source: kyverno, policy: signed, rule: key, result: error, message: no registry}
        summary: {pass: 2, fail: 1, error: 1, skip: 1}
        """;

    [Fact]
    public void Results_are_counted_by_policy_and_namespace_and_kept_when_they_did_not_pass()
    {
        var found = Report(Kyverno);
        Assert.Equal(
            [
                (new PolicyKey("kyverno", "no-latest", "shop"), new ResultCounts(1, 0, 0, 0, 1, 0)),
                (new("kyverno", "require-labels", "shop"), new(1, 1, 0, 0, 0, 0)),
                (new("kyverno", "signed", "shop"), new(0, 0, 0, 1, 0, 0)),
            ],
            found.Counts);
        Assert.Equal(["fail high Pod cart-1 team", "error  Pod cart-1 key"], found.Findings.Select(f => $"{ResultWords.Of(f.Result)} {f.Severity} {f.Kind} {f.Name} {f.Rule}"));
        Assert.Equal("label 'team' is needed", found.Findings[0].Message);
    }

    [Fact]
    public void What_a_result_names_itself_counts_before_the_scope_and_each_object_is_a_finding()
    {
        var found = Report("""
            apiVersion: openreports.io/v1alpha1
            kind: ClusterReport
            metadata: {name: nodes}
            source: bench
            scope: {kind: Node, name: all}
            results:
            - {policy: kubelet, result: warn, resources: [{kind: Node, name: a}, {kind: Pod, name: b, namespace: shop}]}
            - {source: other, policy: kubelet, result: fail}
            """);
        Assert.Equal(["bench//Node a Warn", "bench/shop/Pod b Warn", "other//Node all Fail"], found.Findings.Select(f => $"{f.Key.Source}/{f.Key.Namespace}/{f.Kind} {f.Name} {f.Result}"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{results: null}")]
    [InlineData("{results: text}")]
    [InlineData("{results: [1, null, [x]]}")]
    public void What_holds_no_results_finds_nothing(string report) => Assert.Equal(ReportFindings.None, Report("{metadata: {name: a}, " + report[1..]));

    [Fact]
    public void Nonsense_is_an_error_and_no_pass()
    {
        var found = Report("{metadata: {name: a, namespace: shop}, results: [{policy: 7, rule: [x], result: perfect, resources: [{kind: {}, namespace: 5}], message: {a: b}}]}");
        Assert.Equal(new ResultCounts(0, 0, 0, 1, 0, 0), Assert.Single(found.Counts).Counts);
        Assert.Equal(new Finding { Key = new("", "", "shop"), Result = FindingResult.Error }, Assert.Single(found.Findings));
    }

    [Fact]
    public void Only_so_many_findings_are_kept_and_texts_are_cut_but_all_are_counted()
    {
        var results = new JsonArray();
        for (var i = 0; i < 1500; i++)
            results.Add(new JsonObject { ["policy"] = new string('p', 400), ["result"] = "fail", ["message"] = new string('m', 5000) + "\0" });
        var found = ReportReader.Of(new(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" }, ["results"] = results }));
        Assert.Equal((1500, 1000, 500), (Assert.Single(found.Counts).Counts.Fail, found.Findings.Length, found.LeftOut));
        Assert.Equal((253, 500), (found.Findings[0].Key.Policy.Length, found.Findings[0].Message.Length));
    }

    [Fact]
    public void A_report_that_says_the_same_again_is_no_change()
    {
        Assert.Equal(Report(Kyverno), Report(Kyverno.Replace("1760000000", "1760009999", StringComparison.Ordinal)));
        Assert.NotEqual(Report(Kyverno), Report(Kyverno.Replace("no registry", "no key", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_constraint_tells_what_its_audit_lists_and_counts_what_it_does_not()
    {
        var found = Constraint("""
            spec: {enforcementAction: dryrun}
            status:
              auditTimestamp: "2026-11-21T12:00:00Z"
              totalViolations: 7
              violations:
              - {enforcementAction: deny, group: "", version: v1, kind: Namespace, name: shop, message: 'you must provide labels: {"owner"}'}
              - {enforcementAction: warn, kind: Pod, name: cart, namespace: shop, message: m}
              - {enforcementAction: scoped, enforcementActions: [warn, audit], kind: Pod, name: front, namespace: shop, message: m}
              - {enforcementAction: scoped, enforcementActions: [warn, deny], kind: Pod, name: back, namespace: shop, message: m}
            """);
        Assert.Equal(
            [
                (new PolicyKey("gatekeeper", "K8sRequiredLabels/must-have-owner", ""), new ResultCounts(0, 1, 0, 0, 0, 0)),
                (new("gatekeeper", "K8sRequiredLabels/must-have-owner", PolicyKey.Unlisted), new(0, 0, 3, 0, 0, 0)),
                (new("gatekeeper", "K8sRequiredLabels/must-have-owner", "shop"), new(0, 1, 2, 0, 0, 0)),
            ],
            found.Counts);
        Assert.Equal(["Namespace/shop Fail", "Pod/cart Warn", "Pod/front Warn", "Pod/back Fail"], found.Findings.Select(f => $"{f.Kind}/{f.Name} {f.Result}"));
        Assert.Equal(3, found.LeftOut);
    }

    [Fact]
    public void A_constraint_without_violations_is_a_policy_without_findings_and_one_that_was_never_audited_is_nothing()
    {
        Assert.Equal(
            (new PolicyKey("gatekeeper", "K8sRequiredLabels/must-have-owner", ""), default(ResultCounts)),
            Assert.Single(Constraint("status: {auditTimestamp: '2026-11-21T12:00:00Z', totalViolations: 0}").Counts));
        Assert.Equal(ReportFindings.None, Constraint("status: {byPod: [{enforced: true}]}"));
        Assert.Equal(ReportFindings.None, Constraint("spec: {}"));
    }

    private static ReportFindings Report(string yaml) => ReportReader.Of(new(KubernetesYaml.ReadAll(yaml).Single()));

    private static ReportFindings Constraint(string rest) => ConstraintReader.Of(new(KubernetesYaml.ReadAll(
        "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sRequiredLabels\nmetadata: {name: must-have-owner}\n" + rest).Single()));
}
