namespace Fleet.Kubernetes.Configuration;

/// <summary>The configuration of a cluster cannot be used. The message names file, context and field, never the value of a secret.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);
