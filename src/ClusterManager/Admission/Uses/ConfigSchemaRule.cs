using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission.Schemas;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>Values of the chart's own, and what they must be.</summary>
internal sealed record TemplateValues(ObjectKey Template, JsonObject Defaults, ValuesSchema Schema);

/// <summary>
/// Values of a cluster fit the schema of its template's chart. Only where that template is valid already; else a condition tells it later. With dryRun it is
/// only told. What Fleet itself adds to the values is not held against the user.
/// </summary>
internal sealed class ConfigSchemaRule : IUseRule
{
    /// <summary>Keys that Fleet fills in; see ClusterValues.</summary>
    private static readonly string[] Injected = ["clusterIdentity", "global", "clusterLabels", "auth", "audit", "dataSource", "ipamEnabled", "ipPool"];

    public IEnumerable<Refusal> Check(ManifestChange change, FleetFacts facts)
    {
        var spec = change.Wanted?["spec"];
        if (facts.Values is not { } values || spec?["config"] is not (null or JsonObject))
            yield break;
        var config = spec?["config"] as JsonObject ?? [];
        var merged = ValuesMerge.Of(values.Defaults, config);
        foreach (var problem in values.Schema.Check(merged))
        {
            if (problem.Path.Count > 0 && Injected.Contains(problem.Path[0]) && !config.ContainsKey(problem.Path[0]))
                continue;
            yield return new($"{problem.Message} (rule {problem.Rule} of ClusterTemplate {values.Template})")
            {
                Field = "spec.config" + string.Concat(problem.Path.Select(part => part.StartsWith('[') ? part : "." + part)),
                IsOnlyWarning = (bool?)spec?["dryRun"] == true,
            };
        }
    }
}
