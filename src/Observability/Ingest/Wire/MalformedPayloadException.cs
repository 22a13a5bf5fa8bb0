namespace Fleet.Observability.Ingest.Wire;

/// <summary>What was sent is not what it says it is; the message is for the sender, and holds nothing that was sent.</summary>
public sealed class MalformedPayloadException(string message, Exception? inner = null) : Exception(message, inner);
