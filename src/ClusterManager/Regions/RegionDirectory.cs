using Fleet.ClusterManager.Connections;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Regions;
using Fleet.Control.Regions;

namespace Fleet.ClusterManager.Regions;

/// <summary>Finds out whether a region can be worked with now. Nobody waits for one that is known to be away.</summary>
internal sealed class RegionDirectory(RegionReader reader)
{
    /// <summary>Failures of the management API throw; those of the region are in the result.</summary>
    public async Task<RegionVisit> VisitAsync(RegionConnection connection, CancellationToken ct) =>
        await reader.ReadAsync(connection.Name, ct) is { } address
            ? await VisitAsync(address, connection, ct)
            : new(new(connection.Name, RegionState.NotFound), null, NoSession(connection), null, null);

    public static async Task<RegionVisit> VisitAsync(RegionAddress address, RegionConnection connection, CancellationToken ct)
    {
        var region = address.Object;
        var view = new RegionView(connection.Name, RegionState.Misconfigured) { IsPaused = RegionReader.IsPaused(region) };
        if (address.Problem is { } problem)
        {
            connection.Use(null);
            return new(view with { Problem = problem }, address, null, null, null);
        }
        var session = connection.Use(address.Kubeconfig);
        var held = session?.Hold();
        if (session is null || connection.IsLost)
        {
            held?.Dispose();
            return new(Away(view, connection.Contact, region), address, null, null, null);
        }
        var identity = await session.IdentifyAsync().WaitAsync(ct);
        view = identity is { Refused: true } ? view with { Problem = $"the API server refuses the credentials: {identity.Problem}" }
            : identity.Uid is not { } uid ? Away(view, connection.Contact, region, identity.Problem)
            : region.Status?.ClusterUid is not { } known ? view with { State = RegionState.Connecting, Problem = "its cluster is not known yet", Answered = connection.Contact.Answered }
            : known == uid ? view with { State = RegionState.Usable, Answered = connection.Contact.Answered }
            : view with { State = RegionState.Replaced, Problem = ReplacedText(known, uid) };
        if (view.IsUsable)
            return new(view, address, session, held, identity);
        held?.Dispose();
        return new(view, address, null, null, identity);
    }

    public static string ReplacedText(string known, string uid) =>
        $"the kubeconfig leads to another cluster (uid {uid}) than clusters were made in (uid {known}): nothing is made there until the annotation {Contracts.FleetAnnotations.RegionAcceptCluster}: {uid} says that this is meant";

    public static RegionView Away(RegionView view, ClusterContact contact, Region? region, string? problem = null) => view with
    {
        State = contact.Last is { KubeconfigInvalid: true } ? RegionState.Misconfigured : RegionState.Away,
        Problem = (contact.Last is { Answered: false } last ? last.Problem : null) ?? problem ?? "no answer",
        Answered = contact.Answered ?? Seen(region),
    };

    // A process that has never had an answer knows from status when the last one was lost.
    private static DateTimeOffset? Seen(Region? region) =>
        region?.Status?.Conditions?.Find(condition => condition.Type == RegionConditions.ClusterReachable) is { Status: ConditionStatus.False } lost ? lost.LastTransitionTime : null;

    private static RegionSession? NoSession(RegionConnection connection)
    {
        connection.Use(null);
        return null;
    }
}
