using System.Text.Json.Nodes;
using Fleet.Backup.Restores;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Moves;

/// <summary>Why a cluster may not be moved, all reasons at once, before anything is changed.</summary>
internal sealed class MoveChecks(MoveOptions options, string move)
{
    public const string FleetWideServices = "MultiClusterService";

    public async Task<IReadOnlyList<string>> FindAsync(MoveContent content, string sourceUid, string targetUid, CancellationToken ct)
    {
        if (sourceUid == targetUid)
            return ["source and target are the same cluster"];
        var refused = new List<string>(AtSource(content));
        var served = await options.Target.Discovery.AllAsync(ct);
        foreach (var group in content.Own.Concat(content.Shared).GroupBy(item => item.Kind))
        {
            if (NotServed(group.Key, served) is { } lacking)
            {
                refused.Add(lacking);
                continue;
            }

            var schema = group.Key.Group.Length == 0 ? null : await SchemaAsync(group.Key, ct);
            foreach (var item in group)
            {
                if (schema is not null && KnownFields.Lacking(item.Object.Root, schema).ToList() is { Count: > 0 } lost)
                    refused.Add($"{item} has what the target's definition of {item.Kind.Kind} does not know and would drop: {string.Join(", ", lost)}. Upgrade what brings it there first");
                if (await AtTargetAsync(item, content.Own.Contains(item), ct) is { } reason)
                    refused.Add(reason);
            }
        }

        return [.. refused.Distinct()];
    }

    private static string? NotServed(ResourceKind kind, IReadOnlyList<ApiResource> served)
    {
        var there = served.Where(row => row.Kind.Group == kind.Group && row.Kind.Plural == kind.Plural).Select(row => row.Kind.Version).ToList();
        var name = $"{kind.Kind} of {(kind.Group.Length == 0 ? "the core" : kind.Group)}";
        if (there.Count == 0)
            return $"the target does not serve {name}: what brings it (Fleet, a provider) must be installed there first";
        return there.Contains(kind.Version) ? null : $"the target serves {name} as {string.Join(", ", there)} and not as {kind.Version}: what brings it (Fleet, a provider) must have the version of the source";
    }

    /// <summary>Of the definition at the target; null for what is no custom resource.</summary>
    private async Task<JsonObject?> SchemaAsync(ResourceKind kind, CancellationToken ct) =>
        (await options.Target.Dynamic(CoreKinds.Definitions).GetAsync(ObjectKey.Cluster($"{kind.Plural}.{kind.Group}"), ct))?.At("spec", "versions") is JsonArray versions
            ? versions.FirstOrDefault(row => (string?)row?["name"] == kind.Version)?["schema"]?["openAPIV3Schema"] as JsonObject
            : null;

    private static IEnumerable<string> AtSource(MoveContent content)
    {
        foreach (var item in content.Own)
        {
            if (item.Object.Metadata.DeletionTimestamp is not null)
                yield return $"{item} is being deleted";
            if (item.Kind is { Group: FleetApi.Group, Kind: "ClusterDeployment" } && (string?)item.Object.At("status", "region") is { Length: > 0 } region)
                yield return $"{item} is in Region {region}: its machines are managed from there, and moving them is not possible yet";
            if (item.Kind is { Group: FleetApi.Group, Kind: "ClusterDeployment" } && item.Object.At("spec", "ipamClaim") is not null)
                yield return $"{item} has addresses of a pool that stays here (spec.ipamClaim), and moving those is not possible yet";
            // Whoever deletes its ClusterDataSource drops the database, and no pause keeps him from it.
            if (item.Kind is { Group: FleetApi.Group, Kind: "ClusterDeployment" } && item.Object.At("spec", "dataSource") is not null)
                yield return $"{item} has a database that is managed from here (spec.dataSource), and moving those is not possible yet";
        }

        foreach (var credential in content.Shared.Where(item => item.Kind is { Group: FleetApi.Group, Kind: "Credential" }))
        {
            if ((string?)credential.Object.At("spec", "region") is { Length: > 0 } region)
                yield return $"{credential} is for clusters of Region {region}, and moving those is not possible yet";
        }
    }

    private async Task<string?> AtTargetAsync(MovedObject item, bool isOwn, CancellationToken ct)
    {
        if (await options.Target.Dynamic(item.Kind).GetAsync(item.Object.Key, ct) is not { } live)
            return item.Kind is { Group: FleetApi.Group, Kind: FleetWideServices } ? $"{item} brings services to the cluster and is not at the target: apply it there first" : null;
        if (live.Metadata.Annotations?.GetValueOrDefault(RestoreManifest.Mark) == move)
            return null;
        if (isOwn)
            return $"there is a {item} at the target already, which is another one";
        return RestoreManifest.HasSameSpec(item.Object.Root, live) ? null : $"{item} is at the target and differs: the cluster would be changed by it";
    }
}
