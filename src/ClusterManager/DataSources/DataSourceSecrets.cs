using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.DataSources;

/// <summary>Names of the Secrets that a hosted control plane is given, beside its ClusterDataSource. Pure.</summary>
internal static class DataSourceSecrets
{
    /// <summary>The key that k0smotron reads the connection from.</summary>
    public const string KineKey = "K0SMOTRON_KINE_DATASOURCE_URL";

    private const string KineSuffix = "-kine";

    private const string AuthoritySuffix = "-kine-ca";

    public static string KineName(string cluster) => cluster + KineSuffix;

    public static string AuthorityName(string cluster) => cluster + AuthoritySuffix;

    /// <summary>The ClusterDataSource that a Secret of this name would be of.</summary>
    public static ObjectKey? OwnerOf(ObjectKey secret) =>
        secret.Name.EndsWith(KineSuffix, StringComparison.Ordinal) ? secret with { Name = secret.Name[..^KineSuffix.Length] }
        : secret.Name.EndsWith(AuthoritySuffix, StringComparison.Ordinal) ? secret with { Name = secret.Name[..^AuthoritySuffix.Length] }
        : null;
}
