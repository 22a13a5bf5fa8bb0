using System.Globalization;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Compliance;

/// <summary>The compliance report for people. Plain text, so that it can be piped. What is not known is a dash, never a zero.</summary>
internal static class ComplianceText
{
    private const int LongestBar = 40;
    private const int LongestMessage = 100;

    public static void Clusters(TextWriter output, IReadOnlyList<ClusterComplianceView> clusters, DateTimeOffset now, bool wide) => new TextTable(
            ["NAMESPACE", "CLUSTER", "POLICIES", "PASS", "FAIL", "WARN", "ERROR", .. wide ? ["SKIP"] : Array.Empty<string>(), "EXCEPTED", "AS OF", "NOTE"])
        .Write(
            output,
            [
                .. clusters.Select(c => (IReadOnlyList<string>)
                [
                    c.Namespace, c.Cluster, Number(c, c.Policies), Number(c, c.Pass), Number(c, c.Fail), Number(c, c.Warn), Number(c, c.Error),
                    .. wide ? [Number(c, c.Skip)] : Array.Empty<string>(), Number(c, c.Excepted), AsOf(c, now), Note(c, wide),
                ]),
            ],
            withHeads: true);

    public static void Policies(TextWriter output, ClusterComplianceView cluster, IReadOnlyList<ComplianceView> policies, DateTimeOffset now)
    {
        Head(output, cluster, now);
        new TextTable(["POLICY", "NAMESPACE", "PASS", "FAIL", "WARN", "ERROR", "SKIP", "EXCEPTED", "SOURCE"]).Write(
            output,
            [
                .. policies.Select(p => (IReadOnlyList<string>)
                    [p.Policy, p.TargetNamespace.Length > 0 ? p.TargetNamespace : "-", Text(p.Pass), Text(p.Fail), Text(p.Warn), Text(p.Error), Text(p.Skip), Text(p.Excepted), p.Source]),
            ],
            withHeads: true);
    }

    public static void Findings(TextWriter output, ClusterComplianceView cluster, IReadOnlyList<FindingView> findings, DateTimeOffset now, bool wide)
    {
        Head(output, cluster, now);
        new TextTable(["RESULT", "SEVERITY", "POLICY", "RULE", "OBJECT", .. wide ? ["CATEGORY", "SOURCE"] : Array.Empty<string>(), "MESSAGE"]).Write(
            output,
            [
                .. findings.Select(f => (IReadOnlyList<string>)
                [
                    f.ExceptedBy is { } by ? $"{f.Result}, excepted by {by}" : f.Result, f.Severity ?? "-", f.Policy, f.Rule ?? "-", Of(f),
                    .. wide ? [f.Category ?? "-", f.Source] : Array.Empty<string>(), Line(f.Message ?? "", wide),
                ]),
            ],
            withHeads: true);
    }

    public static void Trend(TextWriter output, IReadOnlyList<ComplianceDayView> days)
    {
        var most = Math.Max(1, days.Max(day => day.Fail));
        new TextTable(["DAY", "PASS", "FAIL", "WARN", "ERROR", "EXCEPTED", "FAILURES"]).Write(
            output,
            [
                .. days.Select(d => (IReadOnlyList<string>)
                [
                    d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Text(d.Pass), Text(d.Fail), Text(d.Warn), Text(d.Error), Text(d.Excepted),
                    new string('▇', d.Fail == 0 ? 0 : Math.Max(1, (int)((long)d.Fail * LongestBar / most))),
                ]),
            ],
            withHeads: true);
    }

    private static void Head(TextWriter output, ClusterComplianceView cluster, DateTimeOffset now)
    {
        PageText.Line(output, "Cluster", $"{cluster.Namespace}/{cluster.Cluster}");
        PageText.Line(output, "As of", AsOf(cluster, now));
        if (Note(cluster, wide: false) is { Length: > 0 } note)
            PageText.Line(output, "Note", note);
        output.WriteLine();
    }

    private static string AsOf(ClusterComplianceView cluster, DateTimeOffset now) =>
        cluster.ObservedAt is null ? "never seen" : cluster.Stale ? $"{Age.Of(cluster.ObservedAt, now)} ago" : "now";

    private static string Note(ClusterComplianceView cluster, bool wide) => string.Join("; ", ((string?[])
    [
        cluster.Problem is { } problem ? Line(problem, wide) : null,
        cluster is { ObservedAt: not null, Kinds.Count: 0 } ? "has no policy engine that reports" : null,
        cluster.LeftOut > 0 ? $"{cluster.LeftOut} findings are counted only" : null,
        wide && cluster.Kinds.Count > 0 ? string.Join(", ", cluster.Kinds) : null,
    ]).OfType<string>());

    private static string Of(FindingView finding) =>
        finding.Kind is null && finding.Name is null ? "-" : $"{finding.Kind} {(finding.TargetNamespace is { } @namespace ? @namespace + "/" : "")}{finding.Name}".Trim();

    private static string Number(ClusterComplianceView cluster, int number) => cluster.ObservedAt is null ? "-" : Text(number);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Line(string text, bool wide)
    {
        var line = text.ReplaceLineEndings(" ");
        return wide || line.Length <= LongestMessage ? line : line[..(LongestMessage - 1)] + "…";
    }
}
