using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Restores;

/// <summary>Turns an object of an archive into the one to create, and that into the finished one. Pure.</summary>
internal static class RestoreManifest
{
    /// <summary>On everything that a restore has made and not finished: which archive it is from. A restore that was cut off goes on by it.</summary>
    public const string Mark = "k0rdent.mirantis.com/restoring-from";

    /// <summary>What the server or nobody gives to a new object.</summary>
    private static readonly string[] OfTheServer =
        ["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields", "generateName", "ownerReferences"];

    /// <summary>To be created: marked, and paused where a controller would begin to work on it.</summary>
    public static JsonObject ToCreate(RestoreEntry entry, JsonObject saved, RestoreIndex index, string archive)
    {
        var body = saved.DeepClone().AsObject();
        var metadata = body["metadata"]!.AsObject();
        foreach (var field in OfTheServer)
            metadata.Remove(field);
        if (OwnersNow(entry, index) is { Count: > 0 } owners)
            metadata["ownerReferences"] = owners;
        var annotations = Annotations(metadata);
        annotations[Mark] = archive;
        foreach (var (name, value) in Pauses(entry))
            annotations[name] = value;
        if (IsClusterDeployment(entry))
        {
            annotations[FleetAnnotations.RestoredUid] ??= entry.Uid;
            annotations[FleetAnnotations.ManagementEpoch] = EpochAfter((string?)annotations[FleetAnnotations.ManagementEpoch], index.RestoredAt);
        }

        if (IsCluster(entry))
            (body["spec"] ??= new JsonObject()).AsObject()["paused"] = true;
        if (entry.Kind is { Group: "", Kind: "Namespace" })
        {
            body.Remove("status");
            body.Remove("spec");
        }

        Relink(body, index);
        return body;
    }

    /// <summary>
    /// What still differs between the living object and the saved one: owners that came later, pauses that are not the user's, who has set which field. Always takes the mark off.
    /// </summary>
    public static JsonObject ToFinish(RestoreEntry entry, JsonObject saved, DynamicObject live, RestoreIndex index, bool stayPaused, bool servicesFollow)
    {
        var savedMetadata = saved["metadata"]!.AsObject();
        var savedAnnotations = savedMetadata["annotations"] as JsonObject;
        var annotations = new JsonObject { [Mark] = null };
        var metadata = new JsonObject { ["uid"] = live.Metadata.Uid, ["resourceVersion"] = live.Metadata.ResourceVersion, ["annotations"] = annotations };
        var patch = new JsonObject { ["metadata"] = metadata };
        if (!stayPaused)
        {
            foreach (var (name, _) in Pauses(entry))
                annotations[name] = savedAnnotations?[name]?.DeepClone();
            if (servicesFollow && savedAnnotations?[FleetLabels.ServiceSetPaused] is null && FollowsCluster(entry, index))
                (annotations[FleetLabels.ServiceSetPaused], annotations[FleetAnnotations.PausedWithCluster]) = ("true", "true");
            if (IsCluster(entry))
                patch["spec"] = new JsonObject { ["paused"] = (saved["spec"] as JsonObject)?["paused"]?.DeepClone() };
        }

        var owners = OwnersNow(entry, index);
        var present = live.Metadata.OwnerReferences ?? [];
        if (owners.Any(owner => !present.Exists(known => known.Uid == (string?)owner!["uid"])))
        {
            foreach (var other in present.Where(known => !owners.Any(owner => (string?)owner!["uid"] == known.Uid)))
                owners.Add(OwnerNode(other, other.Uid));
            metadata["ownerReferences"] = owners;
        }

        foreach (var map in (string[])["labels", "annotations"])
            AddRelinked(map, savedMetadata, metadata, entry, index);
        // Who has set a field decides what a later apply may take away; without it the restore would own everything for ever.
        if (savedMetadata["managedFields"] is JsonArray { Count: > 0 } fields)
            metadata["managedFields"] = fields.DeepClone();
        return patch;
    }

    /// <summary>The saved status with the uids of now; null when there is none.</summary>
    public static JsonNode? Status(JsonObject saved, RestoreEntry entry, RestoreIndex index)
    {
        if (saved["status"] is not JsonObject status || entry.Kind is { Group: "", Kind: "Namespace" })
            return null;
        var copy = status.DeepClone();
        RelinkValues(copy, index);
        return copy;
    }

    /// <summary>The same object with another uid: was it changed since?</summary>
    public static bool HasSameSpec(JsonObject saved, DynamicObject live) =>
        saved.Where(field => field.Key is not ("metadata" or "status")).All(field => JsonNode.DeepEquals(field.Value, live.Root[field.Key]));

    public static bool IsCluster(RestoreEntry entry) => entry.Kind is { Group: "cluster.x-k8s.io", Kind: "Cluster" };

    public static bool IsClusterDeployment(RestoreEntry entry) => entry.Kind is { Group: FleetApi.Group, Kind: "ClusterDeployment" };

    /// <summary>Whether a controller is kept from it until everything is there.</summary>
    public static bool IsHeld(RestoreEntry entry) => IsCluster(entry) || Pauses(entry).Any();

    private static IEnumerable<(string Name, string Value)> Pauses(RestoreEntry entry) => entry.Kind switch
    {
        { Group: FleetApi.Group, Kind: "ClusterDeployment" } => [(FleetAnnotations.Paused, "true")],
        { Group: FleetApi.Group, Kind: "ServiceSet" } => [(FleetLabels.ServiceSetPaused, "true")],
        _ => [],
    };

    private static bool FollowsCluster(RestoreEntry entry, RestoreIndex index) =>
        entry.Kind is { Group: FleetApi.Group, Kind: "ServiceSet" } && entry.Owners.Any(owner => owner.Kind == "ClusterDeployment" && index.NewUidOf(owner.Uid) is not null);

    /// <summary>Owners of the archive by the uids of now; owners outside of it cannot be told to be the same ones.</summary>
    private static JsonArray OwnersNow(RestoreEntry entry, RestoreIndex index) =>
        [.. entry.Owners.Select(owner => index.NewUidOf(owner.Uid) is { } uid ? OwnerNode(owner, uid) : null).OfType<JsonObject>()];

    private static JsonObject OwnerNode(OwnerReference owner, string uid)
    {
        var node = new JsonObject { ["apiVersion"] = owner.ApiVersion, ["kind"] = owner.Kind, ["name"] = owner.Name, ["uid"] = uid };
        if (owner.Controller is { } controller)
            node["controller"] = controller;
        if (owner.BlockOwnerDeletion is { } block)
            node["blockOwnerDeletion"] = block;
        return node;
    }

    /// <summary>Later than any before, whatever the clock says: the cluster takes whoever has the latest for the one that looks after it.</summary>
    private static string EpochAfter(string? saved, DateTimeOffset now) =>
        Math.Max(now.ToUnixTimeSeconds(), long.TryParse(saved, NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before + 1 : 0).ToString(CultureInfo.InvariantCulture);

    private static JsonObject Annotations(JsonObject metadata)
    {
        if (metadata["annotations"] is JsonObject present)
            return present;
        var made = new JsonObject();
        metadata["annotations"] = made;
        return made;
    }

    private static void Relink(JsonObject body, RestoreIndex index)
    {
        foreach (var (_, value) in body.Where(field => field.Key is not ("metadata" or "data" or "binaryData" or "status")))
            RelinkValues(value, index);
        if (KeepsMarks(body))
            return;
        foreach (var map in (string[])["labels", "annotations"])
        {
            if (body["metadata"]![map] is JsonObject entries)
                RelinkMap(entries, index);
        }
    }

    private static void AddRelinked(string map, JsonObject saved, JsonObject patch, RestoreEntry entry, RestoreIndex index)
    {
        if (saved[map] is not JsonObject entries || (map == "labels" && entry.Kind is { Group: "", Kind: "Secret" } && entries.ContainsKey("owner")))
            return;
        foreach (var (name, value) in entries)
        {
            if (name != FleetAnnotations.RestoredUid && Text(value) is { } text && index.NewUidOf(text) is { } uid)
                (patch[map] ??= new JsonObject()).AsObject()[name] = uid;
        }
    }

    /// <summary>Records of Helm name the ClusterDeployment by the identity that it keeps, <see cref="FleetAnnotations.RestoredUid"/>.</summary>
    private static bool KeepsMarks(JsonObject body) => (string?)body["type"] == "helm.sh/release.v1";

    private static void RelinkMap(JsonObject map, RestoreIndex index)
    {
        foreach (var (name, value) in map.ToList())
        {
            if (name != FleetAnnotations.RestoredUid && Text(value) is { } text && index.NewUidOf(text) is { } uid)
                map[name] = uid;
        }
    }

    private static void RelinkValues(JsonNode? node, RestoreIndex index)
    {
        switch (node)
        {
            case JsonObject inner:
                foreach (var (name, value) in inner.ToList())
                {
                    if (Text(value) is { } text && index.NewUidOf(text) is { } uid)
                        inner[name] = uid;
                    else
                        RelinkValues(value, index);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Text(items[i]) is { } text && index.NewUidOf(text) is { } uid)
                        items[i] = uid;
                    else
                        RelinkValues(items[i], index);
                }

                break;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && text.Length == 36 ? text : null;
}
