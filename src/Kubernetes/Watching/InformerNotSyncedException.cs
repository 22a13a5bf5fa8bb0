namespace Fleet.Kubernetes.Watching;

/// <summary>The store was asked before its first list was read. An unknown state is not an empty one.</summary>
public sealed class InformerNotSyncedException(string what, Exception? lastError)
    : InvalidOperationException(lastError is null ? $"{what}: the first list has not been read yet" : $"{what}: the first list could not be read: {lastError.Message}", lastError);
