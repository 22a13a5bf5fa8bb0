using Fleet.Control.Regions;
namespace Fleet.ClusterManager.Regions;

/// <summary>A Region as it was found, and what works in its cluster.</summary>
/// <param name="Session">Null unless it is usable. Held by this visit.</param>
/// <param name="Held">Null with <paramref name="Session"/>.</param>
/// <param name="Identity">Null when the cluster was not asked.</param>
internal sealed record RegionVisit(RegionView View, RegionAddress? Address, RegionSession? Session, IDisposable? Held, RegionIdentity? Identity) : IDisposable
{
    public void Dispose() => Held?.Dispose();
}
