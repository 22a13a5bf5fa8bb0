namespace Fleet.ClusterManager.DataSources;

/// <summary>The database of one cluster, and the role of the same name that owns it.</summary>
/// <param name="Name">Of both.</param>
/// <param name="Mark">A comment on the role, by which Fleet knows what it has made: only that is ever changed or dropped.</param>
internal sealed record ClusterDatabase(string Name, string Mark)
{
    public static ClusterDatabase Of(ClusterDataSource source) => new(source.Spec.Schema, $"Fleet: ClusterDataSource {source.Metadata.Key}");
}
