using System.Net;
using Fleet.Contracts;

namespace Fleet.ClusterManager.Webhooks;

/// <summary>How a real API server reaches admission.</summary>
public sealed record WebhookOptions
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 lets the system choose; only with an address that is told to the API server, not with a Service.</summary>
    public int Port { get; init; }

    /// <summary>The Service in front of the ClusterManager in its cluster. Null: the API server is on this machine and calls the address itself.</summary>
    public WebhookService? Service { get; init; }

    /// <summary>Where the Secret with the certificates is kept.</summary>
    public string Namespace { get; init; } = FleetApi.SystemNamespace;

    /// <summary>Name of the webhook configurations.</summary>
    public string Name { get; init; } = "fleet-cluster-manager";

    /// <summary>How often certificates and registration are looked at.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>As a command line says it: <paramref name="service"/> is NAMESPACE/NAME. Null when there is none.</summary>
    /// <exception cref="FormatException">It is said wrongly.</exception>
    public static WebhookOptions? For(string? service, string? port)
    {
        if (service is null)
            return null;
        if (service.Split('/') is not [{ Length: > 0 } @namespace, { Length: > 0 } name])
            throw new FormatException($"--webhook-service is \"{service}\": for example kcm-system/fleet-cluster-manager");
        if (!ushort.TryParse(port ?? "9443", out var number) || number == 0)
            throw new FormatException($"--webhook-port is \"{port}\": for example 9443");
        return new() { Address = IPAddress.Any, Port = number, Service = new(@namespace, name), Namespace = @namespace };
    }
}

public sealed record WebhookService(string Namespace, string Name, int Port = 443);
