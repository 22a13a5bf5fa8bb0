using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Credentials.Copies;

/// <summary>An object that a distributed Credential needs in its own namespace: where it comes from, and what is there now.</summary>
internal sealed record IdentityCopy(ResourceKind Kind, JsonObject Source, ObjectKey Target, DynamicObject? Existing);

internal enum CopyAction
{
    Keep,
    Create,
    /// <summary>Content as in the source, and this Credential among its owners.</summary>
    Update,
    /// <summary>This Credential needs it no longer, others do.</summary>
    Release,
    Delete,
}

internal sealed record CopyStep(CopyAction Action, JsonObject? Object = null);

/// <summary>
/// What to do about a copy. A copy is ours when it says where it comes from; anything else of the same name is somebody's own and left alone.
/// Each Credential that needs a copy has a label on it, so that the last one takes it away. Pure.
/// </summary>
internal static class IdentityCopyPlanner
{
    /// <summary>Namespace and name of the object that a copy is of.</summary>
    public const string CopiedFrom = "k0rdent.mirantis.com/copied-from";

    private static readonly string[] NotContent = ["apiVersion", "kind", "metadata", "status"];

    public static CopyStep Wanted(IdentityCopy copy, ObjectKey credential)
    {
        var source = $"{(string?)copy.Source["metadata"]?["namespace"]}/{(string?)copy.Source["metadata"]?["name"]}";
        var label = CredentialLabel.Of(credential);
        var made = Content(copy.Source);
        var labels = new JsonObject { [FleetLabels.Managed] = "true", [label] = "true" };
        if (copy.Existing is not { } existing)
        {
            var metadata = new JsonObject { ["name"] = copy.Target.Name, ["labels"] = labels, ["annotations"] = new JsonObject { [CopiedFrom] = source } };
            if (copy.Target.Namespace.Length > 0)
                metadata["namespace"] = copy.Target.Namespace;
            made["metadata"] = metadata;
            return new(CopyAction.Create, made);
        }
        if (existing.Metadata.Annotations?.GetValueOrDefault(CopiedFrom) != source)
            return new(CopyAction.Keep);
        if (existing.Metadata.Labels?.ContainsKey(label) == true && JsonNode.DeepEquals(Content(existing.Root), made))
            return new(CopyAction.Keep);
        var whole = (JsonObject)existing.Root.DeepClone();
        foreach (var field in whole.Select(pair => pair.Key).Where(field => !NotContent.Contains(field)).ToList())
            whole.Remove(field);
        foreach (var (field, value) in made.Where(pair => !NotContent.Contains(pair.Key)))
            whole[field] = value?.DeepClone();
        var kept = whole["metadata"]!["labels"] as JsonObject ?? [];
        foreach (var (name, value) in labels)
            kept[name] = value?.DeepClone();
        whole["metadata"]!["labels"] = kept.DeepClone();
        return new(CopyAction.Update, whole);
    }

    /// <summary>When the Credential goes, or is no longer a distributed one.</summary>
    public static CopyStep Unwanted(DynamicObject existing, ObjectKey credential)
    {
        var label = CredentialLabel.Of(credential);
        if (existing.Metadata.Labels?.ContainsKey(label) != true)
            return new(CopyAction.Keep);
        var others = existing.Metadata.Labels.Keys.Any(key => key != label && key.StartsWith(FleetLabels.CredentialPrefix, StringComparison.Ordinal));
        // Upstream's copies carry the label without the annotation: they were made the same way.
        if (!others && existing.Metadata.Labels.GetValueOrDefault(FleetLabels.Managed) == "true")
            return new(CopyAction.Delete);
        var whole = (JsonObject)existing.Root.DeepClone();
        (whole["metadata"]?["labels"] as JsonObject)?.Remove(label);
        return new(CopyAction.Release, whole);
    }

    private static JsonObject Content(JsonObject source)
    {
        var made = new JsonObject { ["apiVersion"] = source["apiVersion"]?.DeepClone(), ["kind"] = source["kind"]?.DeepClone() };
        foreach (var (field, value) in source.Where(pair => !NotContent.Contains(pair.Key)))
            made[field] = value?.DeepClone();
        return made;
    }
}
