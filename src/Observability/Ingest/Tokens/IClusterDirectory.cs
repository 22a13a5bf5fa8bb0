using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>The clusters that the management API has.</summary>
public interface IClusterDirectory
{
    /// <summary>Null until they have been read: no clusters and not knowing them are two things.</summary>
    IReadOnlyCollection<ClusterIdentity>? Clusters { get; }
}
