using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Admission;

public enum ManifestOperation
{
    Create,
    Update,
    Delete,
}

/// <summary>A write that somebody asks for. <see cref="Wanted"/> is null for a deletion, <see cref="Old"/> for a creation.</summary>
public sealed record ManifestChange(ManifestOperation Operation, string Group, string Kind, ObjectKey Key, JsonObject? Wanted, JsonObject? Old)
{
    /// <summary>The object as it is to be, or as it was for a deletion.</summary>
    internal JsonObject Manifest => Wanted ?? Old ?? [];

    /// <summary>Whether the spec changes, as it does for every new object.</summary>
    internal bool ChangesSpec => Wanted is not null && !JsonNode.DeepEquals(Wanted["spec"], Old?["spec"]);
}
