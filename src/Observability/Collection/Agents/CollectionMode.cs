namespace Fleet.Observability.Collection.Agents;

/// <summary>How a ClusterDeployment says that its agent looks at it, and nobody asks its API server.</summary>
internal static class CollectionMode
{
    /// <summary>On a ClusterDeployment: <c>agent</c>. Without it the cluster is looked at from here.</summary>
    public const string Annotation = "fleet/collection";

    public static bool IsByAgent(IReadOnlyDictionary<string, string>? annotations) => annotations?.GetValueOrDefault(Annotation) == "agent";
}
