using System.Text.Json.Nodes;

namespace Fleet.StateManager.Health.Rules;

/// <summary>One of <c>status.conditions</c>; one that is not there is neither true nor false.</summary>
internal readonly struct ObservedCondition(JsonObject? fields)
{
    public bool IsThere => fields is not null;

    public string Type => ObservedObject.TextOf(fields?["type"]);

    public string Status => ObservedObject.TextOf(fields?["status"]);

    public bool IsTrue => Status == "True";

    public bool IsFalse => Status == "False";

    public string Reason => ObservedObject.TextOf(fields?["reason"]);

    /// <summary>Only Cluster API's older conditions have one: Error, Warning or Info.</summary>
    public string Severity => ObservedObject.TextOf(fields?["severity"]);

    public long? ObservedGeneration => ObservedObject.NumberOf(fields?["observedGeneration"]);

    /// <summary>The message, else the reason, else what is given.</summary>
    public string Say(string otherwise) => ObservedObject.TextOf(fields?["message"]) is { Length: > 0 } message ? message : Reason is { Length: > 0 } reason ? reason : otherwise;
}
