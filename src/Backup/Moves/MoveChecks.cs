using Fleet.Backup.Restores;
using Fleet.Contracts;
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
        foreach (var item in content.Own.Concat(content.Shared))
        {
            if (served.FirstOrDefault(row => row.Kind.Group == item.Kind.Group && row.Kind.Plural == item.Kind.Plural)?.Kind is not { } kind)
                refused.Add($"the target does not serve {item.Kind.Kind} of {(item.Kind.Group.Length == 0 ? "the core" : item.Kind.Group)}: what brings it (Fleet, a provider) must be installed there first");
            else if (await AtTargetAsync(item, kind, content.Own.Contains(item), ct) is { } reason)
                refused.Add(reason);
        }

        return [.. refused.Distinct()];
    }

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
        }

        foreach (var credential in content.Shared.Where(item => item.Kind is { Group: FleetApi.Group, Kind: "Credential" }))
        {
            if ((string?)credential.Object.At("spec", "region") is { Length: > 0 } region)
                yield return $"{credential} is for clusters of Region {region}, and moving those is not possible yet";
        }
    }

    private async Task<string?> AtTargetAsync(MovedObject item, ResourceKind kind, bool isOwn, CancellationToken ct)
    {
        if (await options.Target.Dynamic(kind).GetAsync(item.Object.Key, ct) is not { } live)
            return item.Kind is { Group: FleetApi.Group, Kind: FleetWideServices } ? $"{item} brings services to the cluster and is not at the target: apply it there first" : null;
        if (live.Metadata.Annotations?.GetValueOrDefault(RestoreManifest.Mark) == move)
            return null;
        if (isOwn)
            return $"there is a {item} at the target already, which is another one";
        return RestoreManifest.HasSameSpec(item.Object.Root, live) ? null : $"{item} is at the target and differs: the cluster would be changed by it";
    }
}
