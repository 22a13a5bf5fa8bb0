using Fleet.Observability.Objects;

namespace Fleet.Observability.Hours;

/// <summary>A node within one hour.</summary>
internal sealed class NodeHour(NodeRow node)
{
    /// <summary>As it was seen last.</summary>
    public NodeRow Node { get; set; } = node;

    public double Seconds { get; set; }
}

/// <summary>A disk within one hour. Of each stretch of time every pod that mounts it has an equal share; while none does the disk is unmounted.</summary>
internal sealed class VolumeHour(VolumeRow volume)
{
    /// <summary>As it was seen last.</summary>
    public VolumeRow Volume { get; set; } = volume;

    public double Seconds { get; set; }

    public double UnmountedSeconds { get; set; }

    /// <summary>Bytes in it × seconds; null while nobody has measured it.</summary>
    public double? UsedByteSeconds { get; set; }

    /// <summary>Seconds by the uid of the pod; they and <see cref="UnmountedSeconds"/> sum up to <see cref="Seconds"/>.</summary>
    public Dictionary<string, double> PodSeconds { get; } = [];
}

/// <summary>A load balancer within one hour, shared like a disk by the pods behind it.</summary>
internal sealed class BalancerHour(ServiceRow service)
{
    /// <summary>As it was seen last.</summary>
    public ServiceRow Service { get; set; } = service;

    public double Seconds { get; set; }

    /// <summary>While it had an address and no pod.</summary>
    public double IdleSeconds { get; set; }

    /// <summary>Seconds by the uid of the pod.</summary>
    public Dictionary<string, double> PodSeconds { get; } = [];
}
