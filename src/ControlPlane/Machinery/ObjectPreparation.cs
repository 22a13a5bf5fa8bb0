using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>What the server decides about an object whatever its kind: identity, times, generation, which half of it a request may write.</summary>
internal static class ObjectPreparation
{
    private static readonly string[] ServerFields =
        ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink", "resourceVersion"];

    public static void CheckType(KindInfo kind, JsonObject body)
    {
        var apiVersion = body["apiVersion"].Text() ?? "";
        var name = body["kind"].Text() ?? "";
        if (apiVersion.Length == 0) body["apiVersion"] = apiVersion = kind.ApiVersion;
        if (name.Length == 0) body["kind"] = name = kind.Kind;
        if (apiVersion == kind.ApiVersion && name == kind.Kind) return;
        throw ApiErrors.BadRequest(
            $"the API version in the data ({apiVersion}, kind {name}) does not match the expected API version ({kind.ApiVersion}, kind {kind.Kind})");
    }

    public static ObjectKey ForCreate(Cluster cluster, KindInfo kind, string? @namespace, JsonObject body)
    {
        var metadata = body.Metadata();
        if (metadata["resourceVersion"].Text() is { Length: > 0 })
            throw ApiErrors.BadRequest("resourceVersion should not be set on objects to be created");
        foreach (var field in ServerFields) metadata.Remove(field);

        var key = new ObjectKey(SetNamespace(kind, @namespace, metadata), SetName(metadata));
        var causes = new List<ApiStatusCause>();
        if (key.Name.Length == 0) causes.Add(new("FieldValueRequired", "Required value: name or generateName is required", "metadata.name"));
        else MetadataRules.CheckName(kind, key.Name, causes);
        MetadataRules.Check(metadata, causes);
        if (causes.Count > 0) throw ApiErrors.Invalid(kind, key.Name, causes);

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = cluster.Settings.Clock.Timestamp();
        if (KindRules.HasGeneration(kind)) metadata["generation"] = 1;
        if (kind.HasStatus && !KindRules.KeepsStatusOnCreate(kind)) body.Remove("status");
        return key;
    }

    public static void ForUpdate(KindInfo kind, ObjectKey key, JsonObject body, JsonObject old, string? subresource)
    {
        var metadata = body.Metadata();
        var before = old.Metadata();
        if (metadata["name"].Text() is { Length: > 0 } name && name != key.Name)
            throw ApiErrors.BadRequest($"the name of the object ({name}) does not match the name on the URL ({key.Name})");
        SetNamespace(kind, key.Namespace, metadata);
        if (subresource is not null)
        {
            KeepOnly(subresource, body, old);
            return;
        }
        metadata["name"] = key.Name;
        foreach (var field in ServerFields) metadata.Restore(before, field);
        if (before["generateName"] is not null) metadata.Restore(before, "generateName");
        if (kind.HasStatus) body.Restore(old, "status");
        var causes = new List<ApiStatusCause>();
        MetadataRules.Check(metadata, causes);
        MetadataRules.CheckUpdate(metadata, before, causes);
        if (causes.Count > 0) throw ApiErrors.Invalid(kind, key.Name, causes);
    }

    /// <summary>Bumped when anything but metadata and (where it is a subresource) status has changed.</summary>
    public static void SetGeneration(KindInfo kind, JsonObject body, JsonObject old)
    {
        if (!KindRules.HasGeneration(kind)) return;
        var generation = old.Metadata()["generation"].Number() ?? 0;
        var changed = body.Count != old.Count;
        foreach (var (name, value) in body)
        {
            if (name is "metadata" or "apiVersion" or "kind" || (name == "status" && kind.HasStatus)) continue;
            if (changed || !JsonNode.DeepEquals(value, old[name]))
            {
                changed = true;
                break;
            }
        }
        if (body.Count != old.Count && kind.HasStatus) changed = SpecDiffers(body, old);
        body.Metadata()["generation"] = changed ? generation + 1 : generation;
    }

    /// <summary>It was being deleted, and the last finalizer has just been taken away.</summary>
    public static bool IsReleased(KindInfo kind, JsonObject body)
    {
        if (!body.IsTerminating() || body.Finalizers() is { Count: > 0 }) return false;
        if (kind is { Group: "", Kind: "Namespace" }) return body["spec"]?["finalizers"] is not JsonArray { Count: > 0 };
        return (body.Metadata()["deletionGracePeriodSeconds"].Number() ?? 0) == 0;
    }

    private static bool SpecDiffers(JsonObject body, JsonObject old) =>
        body.Select(f => f.Key).Concat(old.Select(f => f.Key)).Distinct()
            .Any(name => name is not ("metadata" or "apiVersion" or "kind" or "status") && !JsonNode.DeepEquals(body[name], old[name]));

    /// <summary>A subresource writes its own part; all else is as it was, whatever the body says.</summary>
    private static void KeepOnly(string subresource, JsonObject body, JsonObject old)
    {
        var managed = body.Metadata().Detach("managedFields");
        var version = body.Metadata().Detach("resourceVersion");
        foreach (var name in body.Select(f => f.Key).ToArray())
        {
            var own = subresource switch
            {
                "status" or "approval" => name == "status",
                "finalize" => name == "spec",
                _ => name == "spec",
            };
            if (!own) body.Restore(old, name);
        }
        foreach (var (name, value) in old)
        {
            if (!body.ContainsKey(name) && name != "status") body[name] = value?.DeepClone();
        }
        var metadata = body.Metadata();
        if (managed is not null) metadata["managedFields"] = managed;
        if (version is not null) metadata["resourceVersion"] = version;
    }

    private static string SetNamespace(KindInfo kind, string? @namespace, JsonObject metadata)
    {
        if (!kind.Namespaced)
        {
            metadata.Remove("namespace");
            return "";
        }
        var stated = metadata["namespace"].Text() ?? "";
        if (string.IsNullOrEmpty(@namespace)) @namespace = stated.Length > 0 ? stated : "default";
        if (stated.Length > 0 && stated != @namespace)
            throw ApiErrors.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
        metadata["namespace"] = @namespace;
        return @namespace;
    }

    private static string SetName(JsonObject metadata)
    {
        if (metadata["name"].Text() is { Length: > 0 } name) return name;
        if (metadata["generateName"].Text() is not { Length: > 0 } prefix) return "";
        const int Longest = 63 - 5;
        if (prefix.Length > Longest) prefix = prefix[..Longest];
        name = prefix + RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz2456789", 5);
        metadata["name"] = name;
        return name;
    }
}
