namespace Fleet.Contracts;

/// <summary>Names that every part of Fleet shares with its users' manifests.</summary>
public static class FleetApi
{
    public const string Group = "k0rdent.mirantis.com";

    /// <summary>The version that is stored and written.</summary>
    public const string Version = "v1beta1";

    /// <summary>Served with the same schema, so that older manifests apply unchanged.</summary>
    public const string OlderVersion = "v1alpha1";

    public const string ApiVersion = Group + "/" + Version;

    public const string SourceGroup = "source.toolkit.fluxcd.io";

    public const string SourceVersion = "v1";

    public const string SystemNamespace = "kcm-system";

    /// <summary>Other names of the system namespace that manifests use.</summary>
    public const string OlderSystemNamespace = "k0rdent-system";

    /// <summary>The HelmRepository in the system namespace that templates refer to when they name none.</summary>
    public const string DefaultRepository = "kcm-templates";
}
