namespace Fleet.Rest;

/// <summary>Bounds of the admin REST API.</summary>
public sealed record AdminApiOptions
{
    /// <summary>Of one caller, sustained. A console with a dozen open views needs some ten.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Of one caller, at once.</summary>
    public int Burst { get; init; } = 200;

    /// <summary>Of one address before anybody knows who calls. Everything behind one proxy has one address, hence the room.</summary>
    public int AddressBurst { get; init; } = 2000;

    /// <summary>Bytes. A ClusterDeployment in etcd can have 1.5 MB; patches are a small part of that.</summary>
    public int LargestBody { get; init; } = 1024 * 1024;

    /// <summary>Streams of changes that may be open at once.</summary>
    public int MostStreams { get; init; } = 256;

    /// <summary>Changes that wait for one slow reader before it is cut.</summary>
    public int StreamBacklog { get; init; } = 512;

    /// <summary>Proxies end connections that say nothing, commonly after a minute.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A reader that takes nothing for so long is cut.</summary>
    public TimeSpan StreamPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one call into a managed cluster.</summary>
    public TimeSpan ManagedClusterTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
