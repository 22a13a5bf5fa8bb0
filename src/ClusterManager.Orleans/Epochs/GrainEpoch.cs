using Orleans;

namespace Fleet.ClusterManager.Orleans.Epochs;

/// <summary>What is kept of a grain: the epoch of its latest owner.</summary>
[GenerateSerializer]
[Alias("fleet.epoch")]
internal sealed class GrainEpoch
{
    [Id(0)]
    public long Epoch { get; set; }
}
