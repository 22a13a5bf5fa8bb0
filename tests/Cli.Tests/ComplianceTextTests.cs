using Fleet.Cli.Commands.Compliance;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Tests;

public sealed class ComplianceTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    private static readonly ClusterComplianceView Web = new()
    {
        Namespace = "team", Cluster = "web", Policies = 3, Pass = 120, Fail = 4, Warn = 1, Excepted = 2, Skip = 7, ObservedAt = Now.AddSeconds(-10), Kinds = ["policyreports.wgpolicyk8s.io"],
    };

    private static readonly ClusterComplianceView Away = Web with { Cluster = "away", Fail = 1, LeftOut = 12, ObservedAt = Now.AddHours(-2), Stale = true, Problem = "connection refused" };

    [Fact]
    public void Clusters_show_how_fresh_they_are_and_what_is_not_known_is_no_zero()
    {
        var fresh = new ClusterComplianceView { Namespace = "team", Cluster = "new", Stale = true, Problem = "not connected yet" };
        var bare = new ClusterComplianceView { Namespace = "team", Cluster = "bare", ObservedAt = Now };
        Assert.Equal(
            """
            NAMESPACE   CLUSTER   POLICIES   PASS   FAIL   WARN   ERROR   EXCEPTED   AS OF        NOTE
            team        web       3          120    4      1      0       2          now
            team        away      3          120    1      1      0       2          120m ago     connection refused; 12 findings are counted only
            team        new       -          -      -      -      -       -          never seen   not connected yet
            team        bare      0          0      0      0      0       0          now          has no policy engine that reports

            """,
            Written(output => ComplianceText.Clusters(output, [Web, Away, fresh, bare], Now, wide: false)), ignoreLineEndingDifferences: true);
        Assert.Contains("SKIP   EXCEPTED", Written(output => ComplianceText.Clusters(output, [Web], Now, wide: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void Policies_of_a_cluster_stand_below_what_it_is()
    {
        var row = new ComplianceView { Namespace = "team", Cluster = "away", Source = "kyverno", Policy = "require-labels", TargetNamespace = "shop", Pass = 3, Fail = 1 };
        Assert.Equal(
            """
            Cluster:       team/away
            As of:         120m ago
            Note:          connection refused; 12 findings are counted only

            POLICY                    NAMESPACE   PASS   FAIL   WARN   ERROR   SKIP   EXCEPTED   SOURCE
            require-labels            shop        3      1      0      0       0      0          kyverno
            K8sRequiredLabels/owner   -           0      2      0      0       0      0          gatekeeper

            """,
            Written(output => ComplianceText.Policies(output, Away, [row, row with { Policy = "K8sRequiredLabels/owner", TargetNamespace = "", Pass = 0, Fail = 2, Source = "gatekeeper" }], Now)),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Findings_name_the_object_and_the_exception()
    {
        var finding = new FindingView
        {
            Source = "kyverno", Policy = "require-labels", Rule = "team", Result = "fail", Severity = "high", TargetNamespace = "shop", Kind = "Pod", Name = "cart-1", Message = "label 'team'\nis needed",
        };
        Assert.Equal(
            """
            Cluster:       team/web
            As of:         now

            RESULT                           SEVERITY   POLICY           RULE   OBJECT            MESSAGE
            fail                             high       require-labels   team   Pod shop/cart-1   label 'team' is needed
            fail, excepted by until-spring   -          signed           -      -

            """,
            Written(output => ComplianceText.Findings(
                output, Web, [finding, new() { Source = "kyverno", Policy = "signed", Result = "fail", ExceptedBy = "until-spring" }], Now, wide: false)), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_trend_has_a_bar_for_failures()
    {
        ComplianceDayView Day(int day, int fail) => new() { Day = new DateOnly(2026, 11, day), Pass = 10, Fail = fail };
        Assert.Equal(
            """
            DAY          PASS   FAIL   WARN   ERROR   EXCEPTED   FAILURES
            2026-11-19   10     80     0      0       0          ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
            2026-11-20   10     20     0      0       0          ▇▇▇▇▇▇▇▇▇▇
            2026-11-21   10     0      0      0       0

            """,
            Written(output => ComplianceText.Trend(output, [Day(19, 80), Day(20, 20), Day(21, 0)])), ignoreLineEndingDifferences: true);
    }

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
