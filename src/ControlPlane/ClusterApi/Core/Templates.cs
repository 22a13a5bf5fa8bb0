using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Objects from infrastructure and bootstrap templates.</summary>
internal static class Templates
{
    /// <summary>
    /// Makes the object that a template stands for (its kind without "Template"), unless it is there. Null: the template is not there (yet).
    /// </summary>
    public static async ValueTask<ContractReference?> CloneAsync(
        ManagementScope scope, ContractReference template, ObjectKey name, JsonObject owner, IReadOnlyDictionary<string, string> labels, CancellationToken ct)
    {
        var kindName = template.Kind.EndsWith("Template", StringComparison.Ordinal) ? template.Kind[..^"Template".Length] : template.Kind;
        if (scope.Get(template) is not { } source || scope.Kinds.Find(template.Group, kindName) is not { } kind)
            return null;
        var annotations = source.Strings("spec", "template", "metadata", "annotations");
        annotations[CapiNames.ClonedFromNameAnnotation] = template.Key.Name;
        annotations[CapiNames.ClonedFromKindAnnotation] = $"{template.Kind}.{template.Group}";
        var all = source.Strings("spec", "template", "metadata", "labels");
        foreach (var (label, value) in labels)
            all[label] = value;
        await scope.EnsureAsync(kind, new()
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name.Name,
                ["namespace"] = name.Namespace,
                ["labels"] = all.ToJson(),
                ["annotations"] = annotations.ToJson(),
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(owner, controller: false)),
            },
            ["spec"] = source.Child("spec", "template", "spec")?.DeepClone() ?? new JsonObject(),
        }, ct);
        return new(template.Group, kindName, name);
    }

    /// <summary>Makes a bootstrap config that stands in no template, unless it is there.</summary>
    public static async ValueTask<ContractReference> MakeConfigAsync(
        ManagementScope scope, string kindName, JsonObject spec, ObjectKey name, JsonObject owner, IReadOnlyDictionary<string, string> labels, CancellationToken ct)
    {
        var reference = new ContractReference(Definitions.KindRoles.BootstrapGroup, kindName, name);
        var kind = scope.KindOf(reference) ?? throw new InvalidOperationException($"{kindName} is not served");
        await scope.EnsureAsync(kind, new()
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name.Name,
                ["namespace"] = name.Namespace,
                ["labels"] = labels.ToJson(),
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(owner, controller: false)),
            },
            ["spec"] = spec,
        }, ct);
        return reference;
    }

    /// <summary>A reference as Machines of this management cluster hold it: v1beta1 writes apiVersion and namespace, v1beta2 apiGroup.</summary>
    public static JsonObject ToJson(this ContractReference reference, ManagementScope scope) =>
        scope.Core("Machine").Version == "v1beta1" && scope.KindOf(reference) is { } kind
            ? new() { ["apiVersion"] = kind.ApiVersion, ["kind"] = reference.Kind, ["name"] = reference.Key.Name, ["namespace"] = reference.Key.Namespace }
            : new() { ["apiGroup"] = reference.Group, ["kind"] = reference.Kind, ["name"] = reference.Key.Name };
}
