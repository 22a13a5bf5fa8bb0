using System.Text.Json.Nodes;

namespace Fleet.ClusterManager.Components;

/// <summary>A component as the object asks for it.</summary>
internal sealed record WantedComponent(string Name)
{
    /// <summary>Name of the ProviderTemplate; null when neither the object nor the release names one.</summary>
    public string? Template { get; init; }

    public JsonObject Values { get; init; } = [];

    /// <summary>Components that must be in order first.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Null: the system namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>Why it cannot be installed, as far as the manifests alone tell.</summary>
    public string? Problem { get; init; }
}
