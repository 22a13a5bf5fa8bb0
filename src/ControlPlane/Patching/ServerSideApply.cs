using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Schemas;

namespace Fleet.ControlPlane.Patching;

/// <summary>
/// Server-side apply and the bookkeeping of managedFields. Pure, without I/O.
/// The schema decides what a list or map is; null means that everything is deduced (maps granular, lists atomic).
/// Field paths are taken to mean the same in all versions of a kind, as they do for CRDs without a conversion webhook.
/// </summary>
public static class ServerSideApply
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private const string BeforeFirstApply = "before-first-apply";

    private static readonly string[] s_skeleton = ["metadata", "spec", "status"];
    private static readonly string[] s_serverOwned =
    [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion",
        "deletionTimestamp", "deletionGracePeriodSeconds",
    ];
    private static readonly FieldSet s_unowned = Unowned();
    private static readonly FieldSet s_status = Single("status");

    /// <summary>
    /// Applies a configuration. The result is a new object with its managedFields, not yet defaulted or validated; defaults that
    /// the caller adds afterwards are owned by nobody. Conflicts are a 409 with one cause per field, unless forced.
    /// A null live object means that the apply creates it. An apply that changes nothing gives an object equal to the live one.
    /// </summary>
    public static JsonObject Apply(JsonObject? live, JsonObject configuration, Schema? schema, FieldWriter writer, bool force)
    {
        if (configuration["metadata"] is JsonObject metadata && metadata["managedFields"] is not null)
            throw PatchErrors.BadRequest("metadata.managedFields must be nil");
        TypedValue.CheckIdentities(configuration, schema, "");
        var wanted = Writable(configuration, writer);
        var before = live ?? Skeleton(configuration, schema);
        if (writer.Manager == "kubectl" && LastAppliedOf(before) is not null) before = WithLastApplied(before, configuration);
        var outcome = Merge(before, wanted, schema, writer, force);
        if (outcome.Conflicts is { Any: true } conflicts)
        {
            // kubectl may take over what its own client-side apply had set before.
            var rest = writer.Manager == "kubectl" ? conflicts.Without(SetByClientSideApply(live ?? before, schema)) : conflicts;
            if (rest.Any) throw rest.ToException();
            outcome = Merge(before, wanted, schema, writer, force: true);
        }
        return WithOwners(outcome.Result, outcome.Managed, live, schema, writer);
    }

    /// <summary>
    /// For every write that is not an apply (create, update, patch; also of subresources): sets metadata.managedFields of the new object, in place,
    /// to say who changed what, and returns it. Call it after defaulting and admission. A null live object means create.
    /// managedFields that the client sends are honoured (kubectl migrates ownership that way); a list with one empty entry removes them.
    /// </summary>
    public static JsonObject TrackUpdate(JsonObject? live, JsonObject updated, Schema? schema, FieldWriter writer)
    {
        var managed = SentOrLive(live, updated);
        if (managed is null || live is not null && managed.Owners.Count == 0)
        {
            (updated["metadata"] as JsonObject)?.Remove("managedFields");
            return updated;
        }
        var comparison = TypedComparison.Between(live ?? Skeleton(updated, schema), updated, schema)
            .Without(writer is { StatusIsSubresource: true, Subresource: "" } ? s_unowned.Union(s_status) : s_unowned);
        if (!comparison.IsEmpty)
        {
            var changed = comparison.Modified.Union(comparison.Added);
            var lost = changed.Union(comparison.Removed);
            foreach (var (other, owner) in managed.Owners.ToArray())
                managed.Owners[other] = owner with { Fields = owner.Fields.Difference(lost) };
            var id = new ManagerId(writer.Manager, false, writer.ApiVersion, writer.Subresource);
            if (!changed.IsEmpty)
            {
                var mine = managed.Owners.TryGetValue(id, out var previous) ? previous.Fields.Union(changed) : changed;
                managed.Owners[id] = new FieldOwner(writer.ApiVersion, mine, ManagedFields.Timestamp(writer.Now));
            }
            managed.DropEmpty();
            managed.MergeAncient();
        }
        Metadata(updated)["managedFields"] = managed.ToJson();
        return updated;
    }

    /// <summary>True when a write would change nothing but times in managedFields: then the object, its resourceVersion included, stays as it is.</summary>
    public static bool IsNoOp(JsonObject live, JsonObject next)
    {
        foreach (var (name, value) in next)
            if (name != "metadata" && (!live.TryGetPropertyValue(name, out var old) || !JsonNode.DeepEquals(old, value))) return false;
        if (live.Count != next.Count) return false;
        if (live["metadata"] is not JsonObject a || next["metadata"] is not JsonObject b) return JsonNode.DeepEquals(live["metadata"], next["metadata"]);
        foreach (var (name, value) in b)
            if (name != "managedFields" && (!a.TryGetPropertyValue(name, out var old) || !JsonNode.DeepEquals(old, value))) return false;
        if (a.Count != b.Count) return false;
        return SameOwners(ManagedFields.Read(a["managedFields"]), ManagedFields.Read(b["managedFields"]));
    }

    private static bool SameOwners(ManagedFields a, ManagedFields b) => a.Owners.Count == b.Owners.Count
        && a.Owners.All(o => b.Owners.TryGetValue(o.Key, out var other) && other.ApiVersion == o.Value.ApiVersion && other.Fields.SetEquals(o.Value.Fields));

    private static Outcome Merge(JsonObject live, JsonObject wanted, Schema? schema, FieldWriter writer, bool force)
    {
        var managed = OwnersOf(live, schema);
        var id = new ManagerId(writer.Manager, true, "", writer.Subresource);
        var last = managed.Owners.TryGetValue(id, out var previous) ? previous : null;
        var set = TypedValue.FieldsOf(wanted, schema).Difference(s_unowned);
        managed.Owners[id] = new FieldOwner(writer.ApiVersion, set, last?.Time ?? "");
        var merged = TypedMerge.Merge(live, wanted, schema);
        (merged["metadata"] as JsonObject)?.Remove("managedFields");
        // Who still applies all that he had leaves nothing behind: the usual case, and pruning is most of the work.
        var result = last is null || last.Fields.IsSubsetOf(set) ? merged : Prune(merged, managed, last.Fields, schema);

        var comparison = TypedComparison.Between(live, result, schema).Without(s_unowned);
        var taken = comparison.Modified.Union(comparison.Added);
        var conflicts = new ApplyConflicts();
        foreach (var (other, owner) in managed.Owners.ToArray())
        {
            if (other == id) continue;
            var contested = owner.Fields.Intersection(taken);
            if (!contested.IsEmpty) conflicts.Add(other, owner, contested);
            managed.Owners[other] = owner with { Fields = owner.Fields.Difference(contested).Difference(comparison.Removed) };
        }
        if (conflicts.Any && !force) return new Outcome(result, managed, conflicts);
        if (!comparison.IsEmpty || last is null || last.ApiVersion != writer.ApiVersion || !last.Fields.SetEquals(set))
            managed.Owners[id] = managed.Owners[id] with { Time = ManagedFields.Timestamp(writer.Now) };
        managed.DropEmpty();
        return new Outcome(result, managed, null);
    }

    /// <summary>Removes what this applier had applied before and does not any more, unless somebody else owns it.</summary>
    private static JsonObject Prune(JsonObject merged, ManagedFields managed, FieldSet last, Schema? schema)
    {
        var lastOwned = last.WithDeclaredFields(schema);
        var pruned = Without(merged, lastOwned, schema);
        var all = TypedValue.FieldsOf(merged, schema).WithDeclaredFields(schema);
        var owned = managed.Owners.Values.Aggregate(new FieldSet(), (sum, o) => sum.Union(o.Fields)).WithDeclaredFields(schema);
        var left = TypedValue.FieldsOf(pruned, schema).WithDeclaredFields(schema);
        pruned = Without(merged, all.Difference(left.Union(owned)), schema);
        left = TypedValue.FieldsOf(pruned, schema).WithDeclaredFields(schema);
        // Only what this applier had may go: fields that nobody owns stay.
        return Without(merged, all.Difference(left).Intersection(lastOwned), schema);
    }

    private static JsonObject Without(JsonObject value, FieldSet set, Schema? schema)
    {
        var copy = (JsonObject)value.DeepClone();
        TypedValue.Remove(copy, set, schema);
        return copy;
    }

    private static ManagedFields OwnersOf(JsonObject live, Schema? schema)
    {
        var managed = ManagedFields.Read((live["metadata"] as JsonObject)?["managedFields"]);
        if (managed.Owners.Count > 0) return managed;
        var all = TypedComparison.Between(Skeleton(live, schema), live, schema).Without(s_unowned).Added;
        var version = live["apiVersion"]?.GetValue<string>() ?? "";
        if (!all.IsEmpty) managed.Owners[new ManagerId(BeforeFirstApply, false, version, "")] = new FieldOwner(version, all, "");
        return managed;
    }

    private static JsonObject WithOwners(JsonObject result, ManagedFields managed, JsonObject? live, Schema? schema, FieldWriter writer)
    {
        if (live is null) RemoveSkeleton(result, schema, writer);
        if (managed.Owners.Count > 0) Metadata(result)["managedFields"] = managed.ToJson();
        return result;
    }

    /// <summary>The managedFields that the client sent, else those of the live object; null when the client asked to drop them.</summary>
    private static ManagedFields? SentOrLive(JsonObject? live, JsonObject updated)
    {
        if ((updated["metadata"] as JsonObject)?["managedFields"] is JsonArray sent)
        {
            if (sent.Count == 0 || sent.Count == 1 && sent[0] is JsonObject { Count: 0 }) return live is null ? new ManagedFields() : null;
            var read = ManagedFields.Read(sent);
            if (read.Owners.Count > 0) return read;
        }
        return ManagedFields.Read((live?["metadata"] as JsonObject)?["managedFields"]);
    }

    private static FieldSet SetByClientSideApply(JsonObject live, Schema? schema)
    {
        if (LastAppliedOf(live) is not { } applied) return new FieldSet();
        var differences = TypedComparison.Between(live, applied, schema);
        var allowed = TypedValue.FieldsOf(applied, schema).Difference(differences.Modified).Difference(differences.Added);
        allowed.Child(PathElement.Field("metadata")).Child(PathElement.Field("annotations")).Add(PathElement.Field(LastApplied));
        return allowed;
    }

    private static JsonObject? LastAppliedOf(JsonObject live)
    {
        if (((live["metadata"] as JsonObject)?["annotations"] as JsonObject)?[LastApplied] is not JsonValue value || !value.TryGetValue<string>(out var text)) return null;
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps the annotation of client-side apply true, so that a user may go back to it.</summary>
    private static JsonObject WithLastApplied(JsonObject live, JsonObject configuration)
    {
        var shown = (JsonObject)configuration.DeepClone();
        ((shown["metadata"] as JsonObject)?["annotations"] as JsonObject)?.Remove(LastApplied);
        var copy = (JsonObject)live.DeepClone();
        ((JsonObject)Metadata(copy)["annotations"]!)[LastApplied] = shown.ToJsonString() + "\n";
        return copy;
    }

    /// <summary>What this subresource may write.</summary>
    private static JsonObject Writable(JsonObject configuration, FieldWriter writer)
    {
        var copy = (JsonObject)configuration.DeepClone();
        if (writer.Subresource == "status")
        {
            foreach (var name in copy.Select(m => m.Key).Where(n => n is not ("apiVersion" or "kind" or "metadata" or "status")).ToArray()) copy.Remove(name);
            if (copy["metadata"] is JsonObject metadata)
                foreach (var name in metadata.Select(m => m.Key).Where(n => n is not ("name" or "namespace" or "uid" or "resourceVersion")).ToArray()) metadata.Remove(name);
        }
        else if (writer is { Subresource: "", StatusIsSubresource: true }) copy.Remove("status");
        return copy;
    }

    /// <summary>The object before its creation. Built-in kinds always have metadata, spec and status, so nobody owns those as such.</summary>
    private static JsonObject Skeleton(JsonObject of, Schema? schema)
    {
        var empty = new JsonObject { ["apiVersion"] = of["apiVersion"]?.DeepClone(), ["kind"] = of["kind"]?.DeepClone() };
        foreach (var name in SkeletonFields(schema)) empty[name] = new JsonObject();
        return empty;
    }

    private static void RemoveSkeleton(JsonObject result, Schema? schema, FieldWriter writer)
    {
        foreach (var name in SkeletonFields(schema))
            if (name != "metadata" && result[name] is JsonObject { Count: 0 } && (name != "spec" || writer.Subresource.Length > 0)) result.Remove(name);
    }

    private static IEnumerable<string> SkeletonFields(Schema? schema) => schema?.TypeName is null
        ? s_skeleton[..1]
        : s_skeleton.Where(n => n == "metadata" || schema.Properties.TryGetValue(n, out var s) && s.Type == "object");

    private static JsonObject Metadata(JsonObject o)
    {
        if (o["metadata"] is JsonObject metadata) return metadata;
        o["metadata"] = metadata = [];
        return metadata;
    }

    private static FieldSet Single(string field)
    {
        var set = new FieldSet();
        set.Add(PathElement.Field(field));
        return set;
    }

    private static FieldSet Unowned()
    {
        var set = new FieldSet();
        set.Add(PathElement.Field("apiVersion"));
        set.Add(PathElement.Field("kind"));
        var metadata = set.Child(PathElement.Field("metadata"));
        foreach (var name in s_serverOwned)
            metadata.Add(PathElement.Field(name));
        return set;
    }

    private sealed record Outcome(JsonObject Result, ManagedFields Managed, ApplyConflicts? Conflicts);
}
