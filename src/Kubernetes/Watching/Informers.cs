using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Watching;

/// <summary>Shorthands for making informers.</summary>
public static class Informers
{
    /// <summary>Keeps whole objects.</summary>
    public static Informer<T, T> Informer<T>(this IResourceReader<T> reader, string? @namespace = null, string? labelSelector = null)
        where T : class, IKubernetesObject
        => new(reader, new() { Project = static item => item, Namespace = @namespace, LabelSelector = labelSelector });

    /// <summary>Keeps what the options' projection makes of the objects.</summary>
    public static Informer<T, TItem> Informer<T, TItem>(this IResourceReader<T> reader, InformerOptions<T, TItem> options)
        where T : class, IKubernetesObject
        => new(reader, options);
}
