using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Access;

/// <summary>What a copy holds: all of the source but its metadata and status, with references that meant the source's namespace made to mean the right one. Pure.</summary>
internal static class CopyContent
{
    private static readonly string[] NotContent = ["apiVersion", "kind", "metadata", "status"];

    public static JsonObject Of(DynamicObject source, string target)
    {
        var content = Content(source.Root);
        var spec = content["spec"] as JsonObject ?? [];
        switch ((string?)source.Root["kind"])
        {
            // The identity is brought along into the namespace of the credential.
            case "Credential" when spec["identityRef"] is JsonObject identity && (string?)identity["namespace"] is { Length: > 0 }:
                identity["namespace"] = target;
                break;
            case "ClusterAuthentication":
                Complete(spec["caSecret"], source.Key.Namespace);
                break;
            case "DataSource":
                Complete(spec["certificateAuthority"], source.Key.Namespace);
                break;
        }
        return content;
    }

    public static JsonObject Content(JsonObject item)
    {
        var content = new JsonObject();
        foreach (var (field, value) in item.Where(pair => !NotContent.Contains(pair.Key)))
            content[field] = value?.DeepClone();
        return content;
    }

    /// <summary>A new object of the source's kind. Labels of the source mean something where it is, so they stay there.</summary>
    public static JsonObject Whole(DynamicObject source, ObjectKey target, JsonObject content)
    {
        var whole = new JsonObject
        {
            ["apiVersion"] = source.Root["apiVersion"]?.DeepClone(),
            ["kind"] = source.Root["kind"]?.DeepClone(),
            ["metadata"] = new JsonObject
            {
                ["name"] = target.Name,
                ["namespace"] = target.Namespace,
                ["labels"] = new JsonObject { [FleetLabels.Managed] = "true", [FleetLabels.Component] = "kcm", [DistributedCopies.Label] = "true" },
                ["annotations"] = new JsonObject
                {
                    [DistributedCopies.CopiedFrom] = source.Key.ToString(),
                    [DistributedCopies.SourceUid] = source.Metadata.Uid,
                },
            },
        };
        foreach (var (field, value) in content)
            whole[field] = value?.DeepClone();
        return whole;
    }

    /// <summary>The existing object with other content and the word of where it comes from; everything else of it stays.</summary>
    public static JsonObject Changed(DynamicObject existing, DynamicObject source, JsonObject content)
    {
        var whole = (JsonObject)existing.Root.DeepClone();
        foreach (var field in whole.Select(pair => pair.Key).Where(field => !NotContent.Contains(field)).ToList())
            whole.Remove(field);
        foreach (var (field, value) in content)
            whole[field] = value?.DeepClone();
        var made = Whole(source, existing.Key, []);
        foreach (var part in (string[])["labels", "annotations"])
        {
            var kept = whole["metadata"]![part] as JsonObject ?? [];
            foreach (var (name, value) in (JsonObject)made["metadata"]![part]!)
                kept[name] = value?.DeepClone();
            whole["metadata"]![part] = kept.DeepClone();
        }
        return whole;
    }

    private static void Complete(JsonNode? reference, string @namespace)
    {
        if (reference is JsonObject filled && (string?)filled["namespace"] is not { Length: > 0 })
            filled["namespace"] = @namespace;
    }
}
