namespace Fleet.ClusterManager.Credentials;

/// <summary>What an identity of a provider must hold for clusters to be created with it.</summary>
internal sealed record IdentityRequirement
{
    /// <summary>Fields of the identity object that name a Secret: the name, and the namespace where there is a field for it.</summary>
    public string[] SecretNameAt { get; init; } = [];

    public string[] SecretNamespaceAt { get; init; } = [];

    /// <summary>Keys of the Secret that must be there and not empty.</summary>
    public string[] Keys { get; init; } = [];
}

/// <summary>
/// Identity kinds of the providers and the keys of their Secrets. Kinds that are not listed only have to exist: a provider that Fleet does
/// not know is not refused.
/// </summary>
internal static class IdentityRequirements
{
    private static readonly Dictionary<string, IdentityRequirement> ByKind = new(StringComparer.Ordinal)
    {
        ["AWSClusterStaticIdentity"] = new() { SecretNameAt = ["spec", "secretRef"], Keys = ["AccessKeyID", "SecretAccessKey"] },
        // A service principal may use a certificate, then it needs no clientSecret.
        ["AzureClusterIdentity"] = new()
        {
            SecretNameAt = ["spec", "clientSecret", "name"], SecretNamespaceAt = ["spec", "clientSecret", "namespace"], Keys = ["clientSecret"],
        },
        ["OpenStackClusterIdentity"] = new()
        {
            SecretNameAt = ["spec", "secretRef", "name"], SecretNamespaceAt = ["spec", "secretRef", "namespace"], Keys = ["clouds.yaml"],
        },
        ["VSphereClusterIdentity"] = new() { SecretNameAt = ["spec", "secretName"], Keys = ["username", "password"] },
    };

    /// <summary>What a Secret must hold when clusters of this provider use it directly as their identity.</summary>
    private static readonly Dictionary<string, string[]> SecretKeysByProvider = new(StringComparer.Ordinal)
    {
        ["infrastructure-azure"] = ["AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_SUBSCRIPTION_ID", "AZURE_TENANT_ID"],
        ["infrastructure-gcp"] = ["credentials"],
        ["infrastructure-openstack"] = ["clouds.yaml"],
        ["infrastructure-vsphere"] = ["username", "password"],
        ["infrastructure-kubevirt"] = ["kubeconfig"],
        ["infrastructure-k0sproject-k0smotron"] = ["value"],
        [InternalProvider] = ["value"],
    };

    private static readonly Dictionary<string, IReadOnlyList<string>> KindsByProvider = new(StringComparer.Ordinal)
    {
        ["infrastructure-aws"] = ["AWSClusterStaticIdentity", "AWSClusterRoleIdentity", "AWSClusterControllerIdentity"],
        ["infrastructure-azure"] = ["AzureClusterIdentity", "Secret"],
        ["infrastructure-gcp"] = ["Secret"],
        ["infrastructure-openstack"] = ["Secret", "OpenStackClusterIdentity"],
        ["infrastructure-vsphere"] = ["VSphereClusterIdentity", "Secret"],
        ["infrastructure-kubevirt"] = ["Secret"],
        ["infrastructure-docker"] = ["Secret"],
        ["infrastructure-k0sproject-k0smotron"] = ["Secret"],
        [InternalProvider] = ["Secret"],
    };

    /// <summary>The provider of adopted clusters: it makes nothing, its identity is the kubeconfig.</summary>
    public const string InternalProvider = "infrastructure-internal";

    /// <summary>Kinds of identity that the providers take which Fleet knows.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Known => KindsByProvider;

    public static IdentityRequirement? OfKind(string kind) => ByKind.GetValueOrDefault(kind);

    /// <summary>Kinds of identity that a provider takes; null when Fleet does not know the provider.</summary>
    public static IReadOnlyList<string>? KindsOf(string provider) => KindsByProvider.GetValueOrDefault(provider);

    /// <summary>Keys that a Secret needs as the identity of clusters of this provider.</summary>
    public static IReadOnlyList<string> SecretKeysOf(string provider) => SecretKeysByProvider.GetValueOrDefault(provider) ?? [];
}
