using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Kinds;

/// <summary>What a CustomResourceDefinition (by name, <c>plural.group</c>) says about one version: the element of <c>spec.versions</c>.</summary>
internal sealed record CustomKind(string DefinitionName, JsonObject Version)
{
    public bool Deprecated => (bool?)Version["deprecated"] ?? false;
    public string? DeprecationWarning => (string?)Version["deprecationWarning"];
    public JsonObject? Scale => Version["subresources"]?["scale"] as JsonObject;
    /// <summary>Paths without the leading dot.</summary>
    public IEnumerable<string> SelectableFields => (Version["selectableFields"] as JsonArray ?? []).Select(f => ((string?)f?["jsonPath"] ?? "").TrimStart('.'));

    public JsonArray? PrinterColumns => Version["additionalPrinterColumns"] as JsonArray;
    public JsonObject? OpenApiSchema => Version["schema"]?["openAPIV3Schema"] as JsonObject;

    public Schema? ReadSchema() => OpenApiSchema is { } source ? SchemaReader.Read(source) : null;
}
