using System.Text.Json.Nodes;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Manifests as the tests of StateManager apply them.</summary>
internal static class ServiceManifests
{
    public static JsonObject Template(string name = "nginx", string version = "1.0.0") => Json($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ServiceTemplate","metadata":{"name":"{{{name}}}","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
         "spec":{"helm":{"chartSpec":{"chart":"simple-nginx","version":"{{{version}}}","sourceRef":{"kind":"HelmRepository","name":"charts"} } } } }
        """);

    public static JsonObject Set(string name, string cluster, params JsonObject[] services) => new()
    {
        ["apiVersion"] = "k0rdent.mirantis.com/v1beta1",
        ["kind"] = "ServiceSet",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = StateManagerEnvironment.Namespace },
        ["spec"] = new JsonObject { ["cluster"] = cluster, ["provider"] = new JsonObject(), ["services"] = new JsonArray([.. services]) },
    };

    public static JsonObject Service(string name, string? values = null, params (string Kind, string Name)[] valuesFrom) => new()
    {
        ["name"] = name,
        ["namespace"] = "apps",
        ["template"] = "nginx",
        ["values"] = values ?? "",
        ["valuesFrom"] = new JsonArray([.. valuesFrom.Select(s => new JsonObject { ["kind"] = s.Kind, ["name"] = s.Name })]),
    };

    /// <summary>A ConfigMap or a Secret.</summary>
    public static JsonObject Source(string kind, string name, params (string Key, string Text)[] data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = StateManagerEnvironment.Namespace },
        ["data"] = new JsonObject(data.Select(d => KeyValuePair.Create(
            d.Key, (JsonNode?)(kind == "Secret" ? Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(d.Text)) : d.Text)))),
    };

    public static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}
