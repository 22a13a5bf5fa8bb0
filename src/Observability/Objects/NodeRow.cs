using Fleet.Kubernetes.Core;

namespace Fleet.Observability.Objects;

/// <summary>What the cost and the health of a node need. Equal rows report no change, so that heartbeats wake nobody.</summary>
internal sealed record NodeRow
{
    /// <summary>Labels by which the providers, Karpenter and Cluster API's users say that a node may be taken away at any time.</summary>
    private static readonly (string Label, string Value)[] SpotLabels =
    [
        ("karpenter.sh/capacity-type", "spot"), ("eks.amazonaws.com/capacityType", "SPOT"), ("cloud.google.com/gke-spot", "true"),
        ("cloud.google.com/gke-preemptible", "true"), ("kubernetes.azure.com/scalesetpriority", "spot"), ("node.kubernetes.io/lifecycle", "spot"),
    ];

    /// <summary>By it nodes of simulated clusters say what they are.</summary>
    private const string Simulated = "simulation.fleet.dev/simulated";

    public required string Uid { get; init; }
    public required string Name { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>As the provider names the machine; "" when it has no name there.</summary>
    public string ProviderId { get; init; } = "";

    /// <summary>Within the cluster; "" when it says none.</summary>
    public string Address { get; init; } = "";

    /// <summary>Capacity, in cores.</summary>
    public double Cores { get; init; }

    /// <summary>Capacity, in bytes.</summary>
    public double RamBytes { get; init; }

    /// <summary>Capacity, in devices of all vendors.</summary>
    public double Gpus { get; init; }

    public bool IsSpot { get; init; }
    public bool IsReady { get; init; }

    /// <summary>It runs nowhere and nobody pays for it.</summary>
    public bool IsSimulated { get; init; }
    public Texts Labels { get; init; } = Texts.None;

    public string InstanceType => Labels["node.kubernetes.io/instance-type"] ?? Labels["beta.kubernetes.io/instance-type"] ?? "";
    public string Region => Labels["topology.kubernetes.io/region"] ?? Labels["failure-domain.beta.kubernetes.io/region"] ?? "";
    public string Zone => Labels["topology.kubernetes.io/zone"] ?? Labels["failure-domain.beta.kubernetes.io/zone"] ?? "";

    public static NodeRow Of(Node node)
    {
        var labels = node.Metadata.Labels;
        var capacity = node.Status?.Capacity;
        return new()
        {
            Uid = node.Metadata.Uid ?? "",
            Name = node.Metadata.Name ?? "",
            Created = node.Metadata.CreationTimestamp ?? default,
            ProviderId = node.Spec.ProviderID ?? "",
            Address = node.Status?.Addresses?.Find(address => address.Type == "InternalIP")?.Address ?? "",
            Cores = Amounts.Of(capacity, "cpu"),
            RamBytes = Amounts.Of(capacity, "memory"),
            Gpus = Amounts.Gpus(capacity),
            IsSpot = labels is not null && SpotLabels.Any(spot => labels.TryGetValue(spot.Label, out var value) && value == spot.Value),
            IsReady = node.Status?.Conditions?.Find(condition => condition.Type == "Ready")?.Status == "True",
            IsSimulated = node.Metadata.Annotations?.GetValueOrDefault(Simulated) == "true",
            Labels = Texts.Of(labels),
        };
    }
}
