namespace Fleet.Observability.Query;

/// <summary>From, included, to the end, which is not.</summary>
internal readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To);
