namespace Fleet.Observability.Query;

/// <summary>What was asked cannot be answered as it stands; the message names the parameter. Answered as 400.</summary>
public sealed class TelemetryQueryException(string message) : Exception(message);
