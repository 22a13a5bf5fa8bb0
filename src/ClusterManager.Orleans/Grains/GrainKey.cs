using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Orleans.Grains;

/// <summary>A grain's address as text, <c>cluster/team-a/one</c>: what people read on a dashboard. Neither kinds nor namespaces have a slash in them.</summary>
internal static class GrainKey
{
    public static string Of(GrainId grain) => $"{grain.Kind}/{grain.Key.Namespace}/{grain.Key.Name}";

    /// <exception cref="FormatException">Not made by <see cref="Of"/>.</exception>
    public static GrainId Parse(string text) => text.Split('/', 3) is [var kind, var place, var name]
        ? new(kind, new ObjectKey(place, name))
        : throw new FormatException($"\"{text}\" is no kind/namespace/name");
}
