using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>A condition as it should be. <see cref="Status"/> is True, False or Unknown.</summary>
internal readonly record struct Condition(string Type, string Status, string Reason, string Message = "")
{
    public static Condition True(string type, string reason, string message = "") => new(type, "True", reason, message);

    public static Condition False(string type, string reason, string message = "") => new(type, "False", reason, message);

    public static Condition Of(string type, bool status, string reason, string message = "") => new(type, status ? "True" : "False", reason, message);
}

/// <summary>Conditions in status lists: the transition time moves only with the status.</summary>
internal static class StatusConditions
{
    public static JsonObject? FindCondition(this JsonObject obj, string type) =>
        obj.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == type);

    public static bool IsTrue(this JsonObject obj, string type) => obj.FindCondition(type)?.Text("status") == "True";

    /// <summary>Sets it in <c>owner.conditions</c>; true when something changed.</summary>
    public static bool SetCondition(this JsonObject owner, Condition wanted, DateTimeOffset now, long? observedGeneration = null)
    {
        if (owner["conditions"] is not JsonArray list)
            owner["conditions"] = list = [];
        var found = list.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == wanted.Type);
        if (found is null)
            list.Add(found = new JsonObject { ["type"] = wanted.Type });
        var changed = false;
        if (found.Text("status") != wanted.Status)
        {
            found["status"] = wanted.Status;
            found["lastTransitionTime"] = now.Rfc3339();
            changed = true;
        }
        changed |= found.Put("reason", wanted.Reason);
        changed |= found.Put("message", wanted.Message);
        if (observedGeneration is { } generation)
            changed |= found.Put("observedGeneration", generation);
        return changed;
    }

    public static bool RemoveCondition(this JsonObject owner, string type)
    {
        if (owner["conditions"] is not JsonArray list || list.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type) is not { } found)
            return false;
        list.Remove(found);
        return true;
    }
}
