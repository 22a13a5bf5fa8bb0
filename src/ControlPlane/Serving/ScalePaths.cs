using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>Where a kind keeps wanted replicas, present replicas and its selector.</summary>
internal sealed record ScalePaths(string[] Spec, string[] Status, string[]? Selector)
{
    private static readonly ScalePaths BuiltIn = new(["spec", "replicas"], ["status", "replicas"], ["spec", "selector"]);

    public static ScalePaths Of(KindInfo kind)
    {
        if (kind.Custom is null) return BuiltIn;
        var scale = kind.Custom.Scale ?? throw ApiErrors.PathNotFound();
        return new(Split(scale["specReplicasPath"].Text()) ?? ["spec", "replicas"], Split(scale["statusReplicasPath"].Text()) ?? ["status", "replicas"],
            Split(scale["labelSelectorPath"].Text()));
    }

    public static void Set(JsonObject body, string[] path, long value)
    {
        foreach (var step in path[..^1])
        {
            if (body[step] is not JsonObject inner) body[step] = inner = [];
            body = inner;
        }
        body[path[^1]] = value;
    }

    public JsonObject View(KindInfo kind, JsonObject body)
    {
        var metadata = new JsonObject();
        foreach (var field in (ReadOnlySpan<string>)["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (body.Metadata()[field] is { } value) metadata[field] = value.DeepClone();
        }
        var status = new JsonObject { ["replicas"] = At(body, Status).Number() ?? 0 };
        if (Selector is not null && SelectorText(kind, At(body, Selector)) is { } selector) status["selector"] = selector;
        // A Go server leaves out a zero here, and clients print what they get.
        var replicas = At(body, Spec).Number() ?? 0;
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = replicas == 0 ? [] : new JsonObject { ["replicas"] = replicas },
            ["status"] = status,
        };
    }

    private static string? SelectorText(KindInfo kind, JsonNode? selector)
    {
        if (selector.Text() is { } text) return text;
        if (selector is not JsonObject map) return null;
        var labels = kind.Kind == "ReplicationController" ? map : map["matchLabels"] as JsonObject ?? [];
        return string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value.Text()}"));
    }

    private static JsonNode? At(JsonObject body, string[] path)
    {
        JsonNode? node = body;
        foreach (var step in path) node = (node as JsonObject)?[step];
        return node;
    }

    private static string[]? Split(string? path) => path?.Split('.', StringSplitOptions.RemoveEmptyEntries);
}
