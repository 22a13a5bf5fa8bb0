using System.Text.Json.Nodes;
using Fleet.Control.Health;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Health.Rules;

namespace Fleet.StateManager.Tests.Health.Rules;

/// <summary>One row of the tables: an object of generation 2 in YAML-like JSON, and what is said of it.</summary>
internal static class Judged
{
    /// <param name="kind"><c>group/version/Kind</c>; core kinds are <c>v1/Kind</c>.</param>
    /// <param name="body">Everything but apiVersion, kind and metadata.</param>
    public static void Is(string kind, string body, WorkloadVerdict verdict, string why)
    {
        var judged = ObjectHealthRules.Of(Object(kind, body));
        Assert.Equal((verdict, why), (judged.Verdict, why.Length > 0 && judged.Why.Contains(why, StringComparison.Ordinal) ? why : judged.Why));
    }

    public static void IsJudged(string kind, string body) => Assert.True(Enum.IsDefined(ObjectHealthRules.Of(Object(kind, body)).Verdict));

    public static DynamicObject Object(string kind, string body)
    {
        var slash = kind.LastIndexOf('/');
        var root = (JsonObject)JsonNode.Parse(body)!;
        root["apiVersion"] = kind[..slash];
        root["kind"] = kind[(slash + 1)..];
        var metadata = root["metadata"] as JsonObject ?? [];
        metadata["name"] = "web";
        metadata["namespace"] = "shop";
        metadata["generation"] = 2L;
        root["metadata"] = metadata;
        return new DynamicObject(root);
    }
}
