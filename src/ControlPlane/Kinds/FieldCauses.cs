using System.Text.Json.Nodes;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Kinds;

/// <summary>Collects causes in upstream's words.</summary>
internal sealed class FieldCauses(List<ApiStatusCause> all)
{
    public List<ApiStatusCause> All { get; } = all;

    public void Required(string field, string detail) => All.Add(new("FieldValueRequired", detail.Length == 0 ? "Required value" : $"Required value: {detail}", field));

    public void Invalid(string field, JsonNode? value, string detail) =>
        All.Add(new("FieldValueInvalid", $"Invalid value: {value?.ToJsonString() ?? "null"}: {detail}", field));

    public void Duplicate(string field, string value) => All.Add(new("FieldValueDuplicate", $"Duplicate value: \"{value}\"", field));

    public void Forbidden(string field, string detail) => All.Add(new("FieldValueForbidden", $"Forbidden: {detail}", field));

    public void NotSupported(string field, string value, IEnumerable<string> supported) =>
        All.Add(new("FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}", field));
}
