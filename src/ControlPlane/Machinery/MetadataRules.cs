using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.ControlPlane.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>Names, labels and annotations: what is true for every kind.</summary>
internal static partial class MetadataRules
{
    private const int AnnotationsLimit = 256 << 10;

    private const string SubdomainMessage =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an " +
        "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelMessage =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric " +
        "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedMessage =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValueMessage =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
        "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>RBAC names may hold almost anything; Services and Namespaces are DNS labels; the rest are DNS subdomains.</summary>
    public static void CheckName(KindInfo kind, string name, List<ApiStatusCause> causes)
    {
        if (kind.Group == "rbac.authorization.k8s.io" || kind.Kind is "CertificateSigningRequest" or "APIService")
        {
            if (name is "." or ".." || name.AsSpan().ContainsAny('/', '%')) Invalid(causes, "metadata.name", name, "may not contain '/' or '%'");
            return;
        }
        var isLabel = kind.Group.Length == 0 && kind.Kind is "Namespace" or "Service";
        var longest = isLabel ? 63 : 253;
        if (name.Length > longest) Invalid(causes, "metadata.name", name, $"must be no more than {longest} characters");
        else if (isLabel ? !Label().IsMatch(name) : !Subdomain().IsMatch(name)) Invalid(causes, "metadata.name", name, isLabel ? LabelMessage : SubdomainMessage);
    }

    /// <summary>Names of containers and the like.</summary>
    public static void CheckLabelName(string name, string field, List<ApiStatusCause> causes)
    {
        if (name.Length > 63 || !Label().IsMatch(name)) Invalid(causes, field, name, LabelMessage);
    }

    public static void CheckSubdomain(string name, string field, List<ApiStatusCause> causes)
    {
        if (name.Length > 253 || !Subdomain().IsMatch(name)) Invalid(causes, field, name, SubdomainMessage);
    }

    public static void Check(JsonObject metadata, List<ApiStatusCause> causes)
    {
        if (metadata["labels"] is JsonObject labels) CheckLabels(labels, "metadata.labels", causes);
        else if (metadata["labels"] is not null) throw ApiErrors.BadRequest("metadata.labels must be an object of strings");
        if (metadata["annotations"] is JsonObject annotations) CheckAnnotations(annotations, causes);
        else if (metadata["annotations"] is not null) throw ApiErrors.BadRequest("metadata.annotations must be an object of strings");
        CheckOwners(metadata, causes);
    }

    public static void CheckUpdate(JsonObject metadata, JsonObject old, List<ApiStatusCause> causes)
    {
        if (old["deletionTimestamp"] is null || metadata["finalizers"] is not JsonArray finalizers) return;
        var before = (old["finalizers"] as JsonArray ?? []).Select(f => f.Text()).ToHashSet();
        var added = finalizers.Select(f => f.Text()).Where(f => !before.Contains(f)).ToArray();
        if (added.Length > 0)
        {
            causes.Add(new("FieldValueForbidden",
                $"Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(f => $"\"{f}\""))}}}",
                "metadata.finalizers"));
        }
    }

    public static void CheckLabels(JsonObject labels, string field, List<ApiStatusCause> causes)
    {
        foreach (var (key, value) in labels)
        {
            if (!IsQualifiedName(key)) Invalid(causes, field, key, QualifiedMessage);
            if (value is null) continue;
            if (value.Text() is not { } text) throw ApiErrors.BadRequest($"{field}.{key}: must be a string");
            if (text.Length > 63) Invalid(causes, field, text, "must be no more than 63 characters");
            else if (!LabelValue().IsMatch(text)) Invalid(causes, field, text, LabelValueMessage);
        }
    }

    private static void CheckAnnotations(JsonObject annotations, List<ApiStatusCause> causes)
    {
        long size = 0;
        foreach (var (key, value) in annotations)
        {
            if (!IsQualifiedName(key.ToLowerInvariant())) Invalid(causes, "metadata.annotations", key, QualifiedMessage);
            if (value is not null && value.Text() is null) throw ApiErrors.BadRequest($"metadata.annotations.{key}: must be a string");
            size += key.Length + (value.Text()?.Length ?? 0);
        }
        if (size > AnnotationsLimit)
            causes.Add(new("FieldValueTooLong", $"Too long: may not be more than {AnnotationsLimit} bytes", "metadata.annotations"));
    }

    private static void CheckOwners(JsonObject metadata, List<ApiStatusCause> causes)
    {
        if (metadata["ownerReferences"] is not JsonArray owners) return;
        var controllers = 0;
        for (var i = 0; i < owners.Count; i++)
        {
            foreach (var field in (ReadOnlySpan<string>)["apiVersion", "kind", "name", "uid"])
            {
                if (owners[i]?[field].Text() is not { Length: > 0 })
                    causes.Add(new("FieldValueInvalid", $"Invalid value: \"\": {field} must not be empty", $"metadata.ownerReferences[{i}].{field}"));
            }
            if (owners[i]?["controller"].IsTrue() ?? false) controllers++;
        }
        if (controllers > 1)
            causes.Add(new("FieldValueInvalid", "Invalid value: Only one reference can have Controller set to true", "metadata.ownerReferences"));
    }

    private static bool IsQualifiedName(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key.AsSpan(slash + 1);
        if (slash >= 0 && (slash is 0 or > 253 || !Subdomain().IsMatch(key.AsSpan(0, slash)))) return false;
        return name.Length is > 0 and <= 63 && NamePart().IsMatch(name);
    }

    private static void Invalid(List<ApiStatusCause> causes, string field, string value, string message) =>
        causes.Add(new("FieldValueInvalid", $"Invalid value: \"{value}\": {message}", field));

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePart();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue();
}
