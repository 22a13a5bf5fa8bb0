using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Kinds;

/// <summary>A CustomResourceDefinition must be consistent before it may change what the server serves.</summary>
internal static partial class DefinitionValidation
{
    private const string Approval = "api-approved.kubernetes.io";
    private const string VersionRule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character " +
        "(e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    public static void Check(JsonObject body, JsonObject? old, FieldCauses found)
    {
        if (body["spec"] is not JsonObject spec)
        {
            found.Required("spec", "");
            return;
        }
        var group = spec["group"].Text() ?? "";
        var plural = spec["names"]?["plural"].Text() ?? "";
        if (group.Length == 0) found.Required("spec.group", "");
        if (!group.Contains('.', StringComparison.Ordinal) && group.Length > 0) found.Invalid("spec.group", group, "should be a domain with at least one dot");
        if (plural.Length == 0) found.Required("spec.names.plural", "");
        if (spec["names"]?["kind"].Text() is not { Length: > 0 }) found.Required("spec.names.kind", "");
        if (body.Name() != $"{plural}.{group}") found.Invalid("metadata.name", body.Name(), "must be spec.names.plural+\".\"+spec.group");
        if (spec["scope"].Text() is not ("Namespaced" or "Cluster")) found.NotSupported("spec.scope", spec["scope"].Text() ?? "", ["Cluster", "Namespaced"]);
        if (old is not null && old["spec"]?["scope"].Text() != spec["scope"].Text()) found.Invalid("spec.scope", spec["scope"], "field is immutable");
        if (KindCatalog.BuiltIn.All.Any(k => k.Group == group && k.Plural == plural)) found.Forbidden("spec.group", "the resource is built in");
        if (old is null && IsProtected(group) && string.IsNullOrEmpty(body.Metadata()["annotations"]?[Approval].Text()))
            found.Required($"metadata.annotations[{Approval}]", $"protected groups must have approval annotation \"{Approval}\", see https://github.com/kubernetes/enhancements/pull/1111");
        Versions(spec["versions"] as JsonArray ?? [], found);
    }

    /// <summary>Groups that belong to Kubernetes' own community.</summary>
    private static bool IsProtected(string group) =>
        group is "k8s.io" or "kubernetes.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex VersionName();

    private static void Versions(JsonArray versions, FieldCauses found)
    {
        if (versions.Count == 0)
        {
            found.Required("spec.versions", "");
            return;
        }
        if (versions.Count(v => v?["storage"].IsTrue() ?? false) != 1)
            found.Invalid("spec.versions", versions, "must have exactly one version marked as storage version");
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i]?["name"].Text() is not { Length: > 0 } version) found.Required($"spec.versions[{i}].name", "");
            else if (!VersionName().IsMatch(version)) found.Invalid($"spec.versions[{i}].name", version, VersionRule);
            var at = $"spec.versions[{i}].schema.openAPIV3Schema";
            if (versions[i]?["schema"]?["openAPIV3Schema"] is not JsonObject schema)
            {
                found.Required(at, "");
                continue;
            }
            foreach (var error in StructuralCheck.Check(schema, at)) found.All.Add(error.ToCause());
        }
    }
}
