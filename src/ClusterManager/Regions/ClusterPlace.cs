using Fleet.ClusterManager.Capi;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Regions;

/// <summary>Where the CAPI objects of a ClusterDeployment are, or are to be. Dispose it when the work there is done.</summary>
internal sealed class ClusterPlace : IDisposable
{
    private readonly RegionSession? session;
    private readonly IReadOnlyList<IDisposable> held;

    /// <summary>The management cluster.</summary>
    public ClusterPlace(CapiHost management) => (Host, held) = (management, []);

    /// <summary>A region, of which only is known how it is.</summary>
    public ClusterPlace(RegionView region) => (Region, held) = (region, []);

    public ClusterPlace(RegionView region, RegionSession session, params IReadOnlyList<IDisposable> held) =>
        (Region, this.session, Host, this.held) = (region, session, session.Host, held);

    public required Credential? Credential { get; init; }

    /// <summary>Null for the management cluster.</summary>
    public RegionView? Region { get; }

    /// <summary>Null when the region cannot be worked with now.</summary>
    public CapiHost? Host { get; }

    /// <summary>Why the cluster is not in the region of its Credential; null when it is.</summary>
    public string? Conflict { get; init; }

    /// <summary>Too many clusters of the region are being worked on: this one is called when there is a place.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Cancelled with the caller's, and when the region is lost.</summary>
    public CancellationTokenSource Limit(CancellationToken ct) =>
        session is null ? CancellationTokenSource.CreateLinkedTokenSource(ct) : CancellationTokenSource.CreateLinkedTokenSource(ct, session.Lost);

    /// <summary>
    /// After a failure: null when the region answers, so that the failure is what it says; otherwise the place as it is now.
    /// </summary>
    public async Task<ClusterPlace?> AfterAsync(Exception? failure, CancellationToken ct)
    {
        if (session is null || Region is null || failure is KubeApiException { Code: > 0 and < 500 })
            return null;
        var identity = await session.IdentifyAsync(anew: true).WaitAsync(ct);
        return identity.Uid is not null && failure is not OperationCanceledException
            ? null
            : new(Region with { State = RegionState.Away, Problem = identity.Problem ?? "the connection was lost" }) { Credential = Credential, Conflict = Conflict };
    }

    public void Dispose()
    {
        foreach (var one in held)
            one.Dispose();
    }
}
