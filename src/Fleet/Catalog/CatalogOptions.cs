namespace Fleet.Host.Catalog;

/// <summary>Where the things lie that a fresh management cluster is given. They travel beside fleetd.</summary>
internal sealed record CatalogOptions
{
    public static string Deploy { get; } = Path.Combine(AppContext.BaseDirectory, "deploy");

    public string Definitions { get; init; } = Path.Combine(Deploy, "crds");

    /// <summary>Kinds of other projects that the catalog's charts make.</summary>
    public string ForeignDefinitions { get; init; } = Path.Combine(Deploy, "crds-foreign");

    public string Charts { get; init; } = Path.Combine(Deploy, "catalog", "charts");

    /// <summary>Of <c>--demo</c>.</summary>
    public string Samples { get; init; } = Path.Combine(Deploy, "samples", "simulated");

    public string Templates { get; init; } = Path.Combine(Deploy, "catalog", "templates");

    /// <summary>ClusterRoles for people.</summary>
    public string Roles { get; init; } = Path.Combine(Deploy, "catalog", "roles");
}
