namespace Fleet.Control.Regions;

/// <summary>A Region, and the kubeconfig that leads to its cluster. Never printed.</summary>
public sealed class RegionAddress(Region item, string? kubeconfig, string? problem)
{
    public Region Object { get; } = item;

    /// <summary>Null when there is none; then <see cref="Problem"/> says why.</summary>
    public string? Kubeconfig { get; } = kubeconfig;

    public string? Problem { get; } = problem;

    public override string ToString() => $"kubeconfig of Region {Object.Metadata.Name}";
}
