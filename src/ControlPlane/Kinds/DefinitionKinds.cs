using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Kinds;

/// <summary>From a CustomResourceDefinition to the kinds that it makes the server serve: one for each served version.</summary>
internal static class DefinitionKinds
{
    public static IReadOnlyList<KindInfo> Of(JsonObject definition)
    {
        if (definition["spec"] is not JsonObject spec || spec["names"] is not JsonObject names) return [];
        var group = spec["group"].Text() ?? "";
        var plural = names["plural"].Text() ?? "";
        var versions = (spec["versions"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var stored = versions.FirstOrDefault(v => v["storage"].IsTrue())?["name"].Text() ?? "";
        return
        [
            .. versions.Where(v => v["served"].IsTrue()).Select(version => new KindInfo
            {
                Resource = new ResourceKind(group, version["name"].Text() ?? "", names["kind"].Text() ?? "", plural, spec["scope"].Text() != "Cluster"),
                Singular = names["singular"].Text() ?? "",
                ListKind = names["listKind"].Text() ?? "",
                ShortNames = Texts(names["shortNames"]),
                Categories = Texts(names["categories"]),
                Subresources = version["subresources"] is JsonObject subresources ? [.. subresources.Select(s => s.Key).Order(StringComparer.Ordinal)] : [],
                StorageName = KindInfo.StorageNameOf(group, plural),
                StorageApiVersion = $"{group}/{stored}",
                Custom = new CustomKind(definition.Name() ?? "", (JsonObject)version.DeepClone()),
            }.Prepare()),
        ];
    }

    /// <summary>Every change of the spec raises the generation, and a new definition of the same name has another uid.</summary>
    public static bool SameSpec(StoredObject a, StoredObject b) =>
        a.Uid == b.Uid && StoredFields.Text(a, ["metadata", "generation"]) == StoredFields.Text(b, ["metadata", "generation"]);

    private static string[] Texts(JsonNode? items) => [.. (items as JsonArray ?? []).Select(i => i.Text() ?? "")];
}
