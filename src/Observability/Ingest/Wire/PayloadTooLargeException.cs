namespace Fleet.Observability.Ingest.Wire;

/// <summary>One request holds more than one request may hold; the sender must send less at once.</summary>
public sealed class PayloadTooLargeException(string message) : Exception(message);
