namespace Fleet.ClusterManager.Orleans.Epochs;

/// <summary>How soon a silo that does not answer is held for dead. All that depends on it is worked out from one figure.</summary>
/// <param name="ProbeTimeout">How long a silo may take to answer a probe; it is declared dead after <see cref="MissedProbes"/> of them.</param>
public sealed record SiloTiming(TimeSpan ProbeTimeout)
{
    public const int MissedProbes = 3;

    /// <summary>Long enough for a busy machine with two processors, where helm takes both for seconds: a silo that is declared dead by mistake ends its process.</summary>
    public static SiloTiming Default { get; } = new(TimeSpan.FromSeconds(3));

    /// <summary>Newer versions of Orleans learn how fast a silo answers and wait half as long: half of three probes is still more than this.</summary>
    public TimeSpan ProvenFor => ProbeTimeout;

    public TimeSpan LookEvery => ProbeTimeout / 3;
}
