using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.OpenApi;

/// <summary>
/// A served kind as the OpenAPI documents show it. Built-in kinds give their <see cref="Schema"/>; custom ones the
/// <c>openAPIV3Schema</c> of the version in <paramref name="CustomSchema"/>. Neither means "any object".
/// </summary>
public sealed record OpenApiResource(ResourceKind Kind, Schema? Schema, JsonObject? CustomSchema = null, bool HasStatus = false, bool HasScale = false)
{
    /// <summary>Name of the type in the documents: <c>io.k8s.api.apps.v1.Deployment</c>, or the reversed group, version and kind.</summary>
    public string TypeName => Schema?.TypeName ?? (Kind.Group.Length == 0
        ? $"io.k8s.api.core.{Kind.Version}.{Kind.Kind}"
        : $"{string.Join('.', Kind.Group.Split('.').Reverse())}.{Kind.Version}.{Kind.Kind}");
}
