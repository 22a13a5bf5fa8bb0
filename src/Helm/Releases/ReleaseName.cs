namespace Fleet.Helm.Releases;

/// <summary>Where a release is in its cluster.</summary>
public readonly record struct ReleaseName(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
