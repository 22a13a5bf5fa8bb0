using System.Text.Json.Nodes;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>How a recommendation would be followed.</summary>
internal sealed record ApplyPlan
{
    /// <summary>The service whose values say it; null when it can not be done through the fleet.</summary>
    public DeclaredService? Service { get; init; }

    /// <summary>Where in its values, proven by rendering.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    /// <summary>The values that it would have.</summary>
    public string Values { get; init; } = "";

    /// <summary>Why it can not be done through the fleet; null when it can.</summary>
    public string? Reason { get; init; }

    /// <summary>For people who do it by hand: a merge patch of the workload, or null where there is nothing to patch.</summary>
    public JsonObject? Workload { get; init; }

    public static ApplyPlan ByHand(string reason, JsonObject? workload = null) => new() { Reason = reason, Workload = workload };

    /// <summary>Changes the text of the values of one service and nothing else, and only while everything is as it was read.</summary>
    public JsonArray Patch()
    {
        var at = $"/spec/serviceSpec/services/{Service!.Index}";
        return
        [
            Operation("test", "/metadata/uid", Service.Object.Metadata.Uid),
            Operation("test", "/metadata/resourceVersion", Service.Object.Metadata.ResourceVersion),
            Operation("test", at + "/name", Service.Placed.Name),
            Operation("add", at + "/values", Values),
        ];
    }

    private static JsonObject Operation(string op, string path, string? value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };
}
