using System.Text.Json.Nodes;
using Fleet.ControlPlane.Patching;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Tests.Patching;

/// <summary>A little API server around server-side apply: one object of a custom kind, and who writes to it.</summary>
internal sealed class Applying
{
    public static readonly Schema Widget = SchemaReader.Read((JsonObject)JsonNode.Parse("""
        {"type":"object","properties":{
          "spec":{"type":"object","properties":{
            "replicas":{"type":"integer","default":1},
            "color":{"type":"string"},
            "nested":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string","default":"dflt"}}},
            "free":{"type":"object","additionalProperties":{"type":"string"}},
            "whole":{"type":"object","x-kubernetes-map-type":"atomic","properties":{"x":{"type":"string"},"y":{"type":"string"}}},
            "items":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
              "items":{"type":"object","properties":{"name":{"type":"string"},"image":{"type":"string"},"tag":{"type":"string"}}}},
            "ports":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["port","protocol"],
              "items":{"type":"object","properties":{"port":{"type":"integer"},"protocol":{"type":"string","default":"TCP"},"name":{"type":"string"}}}},
            "tags":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
            "args":{"type":"array","items":{"type":"string"}}}},
          "status":{"type":"object","properties":{"ready":{"type":"boolean"},"phase":{"type":"string"}}}}}
        """)!);

    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public JsonObject? Live { get; private set; }

    public JsonObject Apply(string manager, string spec, bool force = false, string version = "x.io/v1", string subresource = "") =>
        ApplyObject(manager, Widgets(spec, version), force, subresource);

    public JsonObject ApplyObject(string manager, JsonObject configuration, bool force = false, string subresource = "")
    {
        var next = ServerSideApply.Apply(Live, configuration, Widget, Writer(manager, configuration["apiVersion"]!.GetValue<string>(), subresource), force);
        SchemaDefaulting.Apply(next, Widget);
        return Live = next;
    }

    public JsonObject Update(string manager, Action<JsonObject> change, string subresource = "")
    {
        var next = Live is null ? Widgets("{}", "x.io/v1") : (JsonObject)Live.DeepClone();
        change(next);
        SchemaDefaulting.Apply(next, Widget);
        return Live = ServerSideApply.TrackUpdate(Live, next, Widget, Writer(manager, "x.io/v1", subresource));
    }

    public KubeApiException Conflict(string manager, string spec) => Assert.Throws<KubeApiException>(() => Apply(manager, spec));

    /// <summary>fieldsV1 of a manager; null when it has no entry.</summary>
    public string? Owned(string manager, string operation = "Apply", string subresource = "") =>
        Entry(manager, operation, subresource)?["fieldsV1"]!.ToJsonString();

    public JsonObject? Entry(string manager, string operation = "Apply", string subresource = "") =>
        (Live!["metadata"]!["managedFields"] as JsonArray)?.OfType<JsonObject>().SingleOrDefault(e =>
            e["manager"]!.GetValue<string>() == manager && e["operation"]!.GetValue<string>() == operation
            && (e["subresource"]?.GetValue<string>() ?? "") == subresource);

    public void SpecIs(string expected)
    {
        var actual = Live!["spec"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString() ?? "null"}");
    }

    public static JsonObject Widgets(string spec, string version = "x.io/v1") => (JsonObject)JsonNode.Parse(
        $$"""{"apiVersion":"{{version}}","kind":"Widget","metadata":{"name":"w","namespace":"n"},"spec":{{spec}}}""")!;

    private FieldWriter Writer(string manager, string version, string subresource)
    {
        _now += TimeSpan.FromSeconds(1);
        return new FieldWriter(manager, version, subresource, _now);
    }
}
