using Fleet.Contracts.DataSources;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Status of a ClusterDataSource. Pure.</summary>
internal static class ClusterDataSourceStatusFrom
{
    public static ClusterDataSourceStatus Ready(ClusterDataSourceFacts facts) => new()
    {
        Ready = true,
        KineDataSourceSecret = DataSourceSecrets.KineName(facts.Object.Metadata.Key.Name),
        CaSecret = facts.Source?.Spec.CertificateAuthority is null ? null : DataSourceSecrets.AuthorityName(facts.Object.Metadata.Key.Name),
        ObservedGeneration = facts.Object.Metadata.Generation,
    };

    /// <summary>The names of the Secrets stay: a control plane that has them goes on with them.</summary>
    public static ClusterDataSourceStatus Failed(ClusterDataSource seen, string error) => new()
    {
        Ready = false,
        KineDataSourceSecret = seen.Status?.KineDataSourceSecret,
        CaSecret = seen.Status?.CaSecret,
        Error = error,
        ObservedGeneration = seen.Metadata.Generation,
    };
}
