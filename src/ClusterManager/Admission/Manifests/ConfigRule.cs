using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Values of a chart are an object, and no cluster has less than no machines.</summary>
internal sealed class ConfigRule : IClusterRule
{
    private static readonly string[] Counts = ["controlPlaneNumber", "workersNumber"];

    public IEnumerable<FieldProblem> Check(ClusterRuleInput input)
    {
        if (input.Wanted.Config is null)
            yield break;
        if (input.Wanted.Config is not JsonObject config)
        {
            yield return new("spec.config", $"must be an object with the values of the cluster chart, not {Name(input.Wanted.Config.GetValueKind())}");
            yield break;
        }
        foreach (var name in Counts)
            if (config[name] is JsonValue value && value.TryGetValue<long>(out var count) && count < 0)
                yield return new($"spec.config.{name}", $"must not be negative, but is {count}");
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "a boolean",
    };
}
