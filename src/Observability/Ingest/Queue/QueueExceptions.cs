namespace Fleet.Observability.Ingest.Queue;

/// <summary>The request could not be kept (the disk is full or broken, or too many are being written): the sender must come again.</summary>
public sealed class QueueUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
