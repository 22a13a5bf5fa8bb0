namespace Fleet.Contracts;

/// <summary>The status of kinds that have none.</summary>
public sealed record NoStatus;
