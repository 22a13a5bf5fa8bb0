using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Kinds;

/// <summary>What a CustomResourceDefinition says about one version.</summary>
/// <param name="DefinitionName">Name of the CRD, <c>plural.group</c>.</param>
/// <param name="Version">The element of <c>spec.versions</c>.</param>
internal sealed record CustomKind(string DefinitionName, JsonObject Version)
{
    public bool Deprecated => (bool?)Version["deprecated"] ?? false;
    public string? DeprecationWarning => (string?)Version["deprecationWarning"];
    public JsonObject? Scale => Version["subresources"]?["scale"] as JsonObject;
    public JsonArray? PrinterColumns => Version["additionalPrinterColumns"] as JsonArray;
    public JsonObject? Schema => Version["schema"]?["openAPIV3Schema"] as JsonObject;
}
