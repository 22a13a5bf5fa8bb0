namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>What a store has of a cluster in the end.</summary>
/// <param name="Store">As histories name it.</param>
/// <param name="Cluster">Whose.</param>
/// <param name="Count">Of the last write.</param>
/// <param name="Epoch">Of who wrote last.</param>
/// <param name="Id">Of the object; null where nobody asks.</param>
/// <param name="Applied">What was wanted when it was written.</param>
internal sealed record StoredCount(string Store, string Cluster, long Count, long Epoch, string? Id = null, string? Applied = null);
