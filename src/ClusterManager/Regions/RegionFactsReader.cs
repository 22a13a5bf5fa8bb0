using Fleet.ClusterManager.Watching;
using Fleet.Contracts;
using Fleet.Control.Regions;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Regions;

/// <summary>Reads what concerns one Region. Failures of the management API throw; those of the region are facts.</summary>
internal sealed class RegionFactsReader(RegionReader reader, ClusterWatches watches, Dependants dependants)
{
    /// <summary>The visit is for what is to be done there; dispose it.</summary>
    public async Task<(RegionFacts Facts, RegionVisit Visit)> ReadAsync(Region region, RegionConnection connection, CancellationToken ct)
    {
        await watches.Clusters.WaitForSyncAsync(ct);
        await watches.Credentials.WaitForSyncAsync(ct);
        var address = await reader.FollowAsync(region, ct);
        var name = region.Metadata.Name!;
        var visit = await RegionDirectory.VisitAsync(address, connection, ct);
        var facts = new RegionFacts
        {
            Object = region,
            View = visit.View,
            Contact = connection.Contact,
            Users = new(Names(dependants.ClustersIn(name)), Names(dependants.CredentialsIn(name))),
        };
        return (WithUid(facts, visit.Identity?.Uid), visit);
    }

    /// <summary>Which cluster is to be noted in status, and what the region is by that. Pure.</summary>
    internal static RegionFacts WithUid(RegionFacts facts, string? seen)
    {
        var known = facts.Object.Status?.ClusterUid;
        if (seen is null || facts.View.State is not (RegionState.Connecting or RegionState.Replaced or RegionState.Usable))
            return facts with { Uid = known };
        var accepted = facts.Object.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.RegionAcceptCluster);
        return RegionIdentity.Next(seen, known, accepted, facts.Users.Clusters.Count > 0) is { } uid
            ? facts with { Uid = uid, View = facts.View with { State = RegionState.Usable, Problem = "" } }
            : facts with { Uid = known };
    }

    private static List<string> Names(IEnumerable<ObjectKey> keys) => [.. keys.Select(key => key.ToString()).Order(StringComparer.Ordinal)];
}
