namespace Fleet.Observability.Query.Prometheus;

/// <summary>A query that is not PromQL as it is known here. What cannot be read is refused: nobody could say which series it would reach.</summary>
public sealed class PromQueryException(string message) : Exception(message);
