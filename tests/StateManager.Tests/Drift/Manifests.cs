using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Tests.Drift;

/// <summary>Manifests as YAML and what the comparer says about them.</summary>
internal static class Manifests
{
    public static JsonObject Yaml(string text) => (JsonObject)KubernetesYaml.Parse(text)!;

    public static GroupVersionKind TypeOf(JsonObject manifest) => GroupVersionKind.Parse((string)manifest["apiVersion"]!, (string)manifest["kind"]!);

    public static ObjectComparison Compare(string declared, string live, params string[] exclusions)
    {
        var manifest = Yaml(declared);
        return ObjectComparer.Compare(TypeOf(manifest), ObjectComparer.Canonical(TypeOf(manifest), manifest), Yaml(live), [.. exclusions.Select(e => e[1..].Split('/'))]);
    }

    public static string Paths(string declared, string live, params string[] exclusions) =>
        string.Join(' ', Compare(declared, live, exclusions).Drifts.Select(d => d.Path.ToString()));

    public static InventoryObject Object(string declared, string ns = "apps")
    {
        var manifest = Yaml(declared);
        return new InventoryObject(TypeOf(manifest), null, new ObjectKey(ns, (string?)manifest["metadata"]?["name"] ?? "one"), PackedJson.Of(manifest));
    }
}
