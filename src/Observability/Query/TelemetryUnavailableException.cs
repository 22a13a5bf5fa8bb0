namespace Fleet.Observability.Query;

/// <summary>What is asked for cannot be read now. Answered as 503: an empty list would say that there is nothing.</summary>
public sealed class TelemetryUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
