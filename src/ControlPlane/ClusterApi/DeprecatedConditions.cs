using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>The conditions of the v1beta1 contract, which v1beta2 objects carry in <c>status.deprecated.v1beta1</c>.</summary>
internal static class DeprecatedConditions
{
    public static void Write(JsonObject status, DateTimeOffset now, params ReadOnlySpan<Condition> conditions)
    {
        var owner = status.Ensure("deprecated", "v1beta1");
        foreach (var condition in conditions)
        {
            owner.SetCondition(condition, now);
            var entry = owner.Items("conditions").First(c => c.Text("type") == condition.Type);
            entry.Remove("message");
            if (condition.Status == "True")
                entry.Remove("reason");
            else
                entry["severity"] = "Info";
        }
    }
}
