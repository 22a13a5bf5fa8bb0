namespace Fleet.Observability.Partitions;

/// <summary>How much time a partition holds.</summary>
internal enum PartitionLength
{
    Day,
    Month,
}
