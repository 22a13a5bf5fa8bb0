using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health.Rules;

namespace Fleet.StateManager.Compliance.Findings;

/// <summary>
/// Reads what Gatekeeper's audit writes into the status of a constraint. It lists a number of violations and counts all of them; objects that comply are
/// not counted. Pure.
/// </summary>
internal static class ConstraintReader
{
    private const string Gatekeeper = "gatekeeper";

    public static ReportFindings Of(DynamicObject constraint)
    {
        var policy = $"{FindingGathering.Name(constraint.Root["kind"])}/{FindingGathering.Name(constraint.At("metadata", "name"))}";
        // Before its first audit nothing is known, which is not the same as no violations.
        if (constraint.At("status") is not JsonObject status || ObservedObject.TextOf(status["auditTimestamp"]).Length == 0)
            return ReportFindings.None;
        var gathered = new FindingGathering();
        gathered.Count(new(Gatekeeper, policy, ""), FindingResult.Fail, 0);
        var listed = 0;
        foreach (var violation in (status["violations"] as JsonArray ?? []).OfType<JsonObject>())
        {
            listed++;
            gathered.Add(new Finding
            {
                Key = new(Gatekeeper, policy, FindingGathering.Name(violation["namespace"])),
                Result = ResultOf(violation["enforcementAction"], violation["enforcementActions"]),
                Kind = FindingGathering.Name(violation["kind"]),
                Name = FindingGathering.Name(violation["name"]),
                Message = FindingGathering.Message(violation["message"]),
            });
        }
        var unlisted = (int)Math.Clamp((ObservedObject.NumberOf(status["totalViolations"]) ?? 0) - listed, 0, int.MaxValue);
        if (unlisted > 0)
        {
            gathered.Count(new(Gatekeeper, policy, PolicyKey.Unlisted), ResultOf(constraint.At("spec", "enforcementAction"), null), unlisted);
            gathered.LeaveOut(unlisted);
        }
        return gathered.Result();
    }

    /// <summary>Absent means deny. What only warns, or only audits, does not fail; "scoped" is what the list of actions says.</summary>
    private static FindingResult ResultOf(JsonNode? action, JsonNode? actions) => ObservedObject.TextOf(action) switch
    {
        "warn" or "dryrun" => FindingResult.Warn,
        "scoped" when actions is JsonArray { Count: > 0 } all && all.All(one => ObservedObject.TextOf(one) is "warn" or "dryrun" or "audit") => FindingResult.Warn,
        _ => FindingResult.Fail,
    };
}
