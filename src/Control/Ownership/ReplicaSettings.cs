using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Fleet.Control.Ownership.Pinning;
using Microsoft.Extensions.Configuration;

namespace Fleet.Control.Ownership;

/// <summary>
/// What a service is told about being one of several: <c>--replica NAME [--replica-namespace NAMESPACE] [--replica-pool POOL] [--replica-address IP [--replica-port PORT]]</c>. Without a name it is the only one, and owns everything.
/// </summary>
public static partial class ReplicaSettings
{
    /// <param name="configuration">Of the program.</param>
    /// <param name="service">The same for all of its replicas, for instance <c>cluster-manager</c>.</param>
    /// <param name="namespace">Where Leases and the table are when nothing else is said.</param>
    /// <returns>Null for a service of one process.</returns>
    /// <exception cref="FormatException">Something that is not a name or an address; it says what.</exception>
    public static OwnershipOptions? From(IConfiguration configuration, string service, string @namespace)
    {
        var pool = configuration["replica-pool"] is { Length: > 0 } said ? said : null;
        if (configuration["replica"] is not { Length: > 0 } replica)
            return pool is null ? null : throw new FormatException("--replica-pool needs --replica: a single process owns everything");
        if (!Label().IsMatch(replica))
            throw new FormatException($"--replica: \"{replica}\" is not a name; lower-case letters, digits, dots and dashes make one");
        var place = configuration["replica-namespace"] is { Length: > 0 } given ? given : @namespace;
        if (!Label().IsMatch(place))
            throw new FormatException($"--replica-namespace: \"{place}\" is not the name of a namespace");
        if (pool is not null && !PinRules.IsPool(pool))
            throw new FormatException($"--replica-pool: \"{pool}\" is not the name of a pool; {PinRules.PoolNames}");
        return new() { Service = service, Replica = replica, Namespace = place, Pool = pool, Address = AddressOf(configuration) };
    }

    private static string? AddressOf(IConfiguration configuration)
    {
        var said = configuration["replica-port"];
        var port = 0;
        if (said is { Length: > 0 } && !(int.TryParse(said, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort))
            throw new FormatException($"--replica-port: \"{said}\" is not a port");
        if (configuration["replica-address"] is not { Length: > 0 } address)
            return port == 0 ? null : throw new FormatException("--replica-port needs --replica-address");
        return IPAddress.TryParse(address, out var ip) ? new IPEndPoint(ip, port).ToString() : throw new FormatException($"--replica-address: \"{address}\" is not an IP address");
    }

    // Names of Leases, so those of objects; pods have them, too.
    [GeneratedRegex("^[a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
