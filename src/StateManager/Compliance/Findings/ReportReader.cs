using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Compliance.Findings;

/// <summary>
/// Reads PolicyReport, ClusterPolicyReport (wgpolicyk8s.io) and Report, ClusterReport (openreports.io), which share the fields that matter. Pure; takes
/// whatever a cluster may hold.
/// </summary>
internal static class ReportReader
{
    /// <summary>Objects that one result names; a result about more is told for these.</summary>
    private const int MostResources = 100;

    public static ReportFindings Of(DynamicObject report)
    {
        if (report.Root["results"] is not JsonArray results)
            return ReportFindings.None;
        var gathered = new FindingGathering();
        var source = FindingGathering.Name(report.Root["source"]);
        var scope = report.Root["scope"] as JsonObject;
        foreach (var result in results.OfType<JsonObject>())
        {
            var own = FindingGathering.Name(result["source"]);
            var resources = (result["resources"] as JsonArray)?.OfType<JsonObject>().Take(MostResources).ToList();
            if (resources is not { Count: > 0 })
                resources = scope is null ? [[]] : [scope];
            foreach (var resource in resources)
                gathered.Add(Finding(result, own.Length > 0 ? own : source, resource, report.Key.Namespace));
        }
        return gathered.Result();
    }

    private static Finding Finding(JsonObject result, string source, JsonObject resource, string reportNamespace)
    {
        var @namespace = FindingGathering.Name(resource["namespace"]);
        return new Finding
        {
            Key = new(source, FindingGathering.Name(result["policy"]), @namespace.Length > 0 ? @namespace : reportNamespace),
            Result = ResultOf(FindingGathering.Name(result["result"])),
            Rule = FindingGathering.Name(result["rule"]),
            Severity = FindingGathering.Name(result["severity"]),
            Category = FindingGathering.Name(result["category"]),
            Kind = FindingGathering.Name(resource["kind"]),
            Name = FindingGathering.Name(resource["name"]),
            Message = FindingGathering.Message(result["message"]),
        };
    }

    // A word that the kinds do not have is no pass.
    private static FindingResult ResultOf(string word) => word switch
    {
        "pass" => FindingResult.Pass,
        "fail" => FindingResult.Fail,
        "warn" => FindingResult.Warn,
        "skip" => FindingResult.Skip,
        _ => FindingResult.Error,
    };
}
