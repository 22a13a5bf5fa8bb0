using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Kinds;

/// <summary>
/// What the server fills in on a CustomResourceDefinition. Its kinds are served as soon as it is stored, so it is established from the start.
/// </summary>
internal static class DefinitionDefaults
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public static void Apply(JsonObject body, JsonObject? old)
    {
        if (body["spec"] is not JsonObject spec || spec["names"] is not JsonObject names) return;
        var kind = names["kind"].Text() ?? "";
        if (names["singular"].Text() is null or "") names["singular"] = kind.ToLowerInvariant();
        if (names["listKind"].Text() is null or "") names["listKind"] = kind + "List";
        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        if (!body.IsTerminating()) body.AddFinalizer(CleanupFinalizer);

        if (body["status"] is not JsonObject status) body["status"] = status = [];
        status["acceptedNames"] = names.DeepClone();
        var stored = (spec["versions"] as JsonArray ?? []).FirstOrDefault(v => v?["storage"].IsTrue() ?? false)?["name"].Text();
        if (status["storedVersions"] is not JsonArray versions) status["storedVersions"] = versions = [];
        if (stored is not null && !versions.Any(v => v.Text() == stored)) versions.Add(stored);
        if (status["conditions"] is JsonArray { Count: > 0 }) return;
        var since = body.Metadata()["creationTimestamp"].Text() ?? old?.Metadata()["creationTimestamp"].Text();
        status["conditions"] = new JsonArray(
            Condition("NamesAccepted", "NoConflicts", "no conflicts found", since),
            Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", since));
    }

    private static JsonObject Condition(string type, string reason, string message, string? since) => new()
    {
        ["lastTransitionTime"] = since,
        ["message"] = message,
        ["reason"] = reason,
        ["status"] = "True",
        ["type"] = type,
    };
}
