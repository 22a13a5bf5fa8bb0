using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Kinds;

/// <summary>Kinds of Kubernetes itself that are used as JSON.</summary>
public static class CoreKinds
{
    public static ResourceKind Secrets { get; } = new("", "v1", "Secret", "secrets", Namespaced: true);

    public static ResourceKind ConfigMaps { get; } = new("", "v1", "ConfigMap", "configmaps", Namespaced: true);

    public static ResourceKind Namespaces { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public static ResourceKind Definitions { get; } =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);
}
