using System.Net;
using Fleet.ClusterManager.Orleans.Epochs;

namespace Fleet.ClusterManager.Orleans;

/// <summary>Where a silo is and which others it joins.</summary>
public sealed record OrleansGrainOptions
{
    /// <summary>The variable that says where this silo is reached by the others, <c>10.1.2.3:11111</c>.</summary>
    public const string AddressVariable = "FLEET_ORLEANS_ADDRESS";

    /// <summary>Connection string of the PostgreSQL that all silos share; it may have a password, and is written to no log.</summary>
    public required string Database { get; init; }

    /// <summary>Silos of one name are one cluster: replicas of one program.</summary>
    public required string ClusterId { get; init; }

    /// <summary>What the others reach this silo by. Traffic between silos is neither encrypted nor authenticated: only among themselves.</summary>
    public IPEndPoint Address { get; init; } = new(IPAddress.Loopback, 11111);

    public SiloTiming Timing { get; init; } = SiloTiming.Default;

    /// <param name="read">Gives the value of an environment variable, null when it is not set.</param>
    /// <exception cref="FormatException">The address cannot be used; the message names the variable with an example.</exception>
    public static OrleansGrainOptions From(string clusterId, string database, Func<string, string?> read)
    {
        var options = new OrleansGrainOptions { Database = database, ClusterId = clusterId };
        if (read(AddressVariable) is not { Length: > 0 } text)
            return options;
        return IPEndPoint.TryParse(text, out var address) && address.Port > 0
            ? options with { Address = address }
            : throw new FormatException($"{AddressVariable} is \"{text}\", which is no address with a port: for example 10.1.2.3:11111");
    }
}
