using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Table;

/// <summary>The server's own rendering of a list (meta.k8s.io/v1 Table).</summary>
public sealed record ObjectTable
{
    public IReadOnlyList<TableColumn> ColumnDefinitions { get; init; } = [];
    public IReadOnlyList<TableRow> Rows { get; init; } = [];
}

/// <param name="Name">Heading, as <c>Ready</c>.</param>
/// <param name="Type">OpenAPI type; <c>date</c> cells are times to be shown as ages.</param>
/// <param name="Format">Further detail, <c>name</c> for the column of names.</param>
/// <param name="Priority">0 is always shown, more only in wide output.</param>
/// <param name="Description">What the column means.</param>
public sealed record TableColumn(string Name, string? Type, string? Format, int Priority, string? Description);

/// <summary>One object: its cells, and its metadata where it was asked for.</summary>
public sealed record TableRow
{
    public IReadOnlyList<JsonElement> Cells { get; init; } = [];

    /// <summary>A PartialObjectMetadata unless other objects were asked for.</summary>
    public JsonObject? Object { get; init; }

    [JsonIgnore]
    public ObjectKey Key => new((string?)Object?["metadata"]?["namespace"] ?? "", (string?)Object?["metadata"]?["name"] ?? "");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectTable))]
internal sealed partial class TableJson : JsonSerializerContext;
