namespace Fleet.Cost.Focus;

/// <summary>A file that is being read: rows come one after the other, and only one of them is in memory.</summary>
/// <param name="Header">Of JSON lines it grows with the rows.</param>
/// <param name="Rows">To be gone through once; throws <see cref="CostQueryException"/> where the file is broken.</param>
public sealed record FocusReading(FocusHeader Header, IEnumerable<FocusRow> Rows);
