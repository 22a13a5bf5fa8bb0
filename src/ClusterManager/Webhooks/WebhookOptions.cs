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
}

public sealed record WebhookService(string Namespace, string Name, int Port = 443);
