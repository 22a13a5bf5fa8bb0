using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Nodes;

/// <summary>Node objects as kubelets register them, already ready. Pure.</summary>
internal static class NodeFactory
{
    private const string ControlPlaneRole = "node-role.kubernetes.io/control-plane";

    /// <param name="spec">What the provider knows.</param>
    /// <param name="index">Number of the node in its cluster: which part of the pod network it gets.</param>
    /// <param name="now">The time.</param>
    public static JsonObject Make(NodeSpec spec, int index, DateTimeOffset now)
    {
        var node = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = spec.Name, ["labels"] = Labels(spec).ToJson(), ["annotations"] = Annotations(spec).ToJson() },
            ["spec"] = new JsonObject
            {
                ["podCIDR"] = PodNetwork(index),
                ["podCIDRs"] = new JsonArray(PodNetwork(index)),
                ["providerID"] = spec.ProviderId,
            },
            ["status"] = Status(spec, now),
        };
        if (spec.ControlPlane && spec.Tainted)
            node["spec"]!["taints"] = new JsonArray(new JsonObject { ["key"] = ControlPlaneRole, ["effect"] = "NoSchedule" });
        return node;
    }

    /// <summary>A /24 of 10.244.0.0/16, and of the next ones for clusters with more than 256 nodes.</summary>
    public static string PodNetwork(int index) => $"10.{244 + index / 256 % 8}.{index % 256}.0/24";

    private static Dictionary<string, string> Labels(NodeSpec spec)
    {
        var labels = new Dictionary<string, string>(spec.Labels, StringComparer.Ordinal)
        {
            ["beta.kubernetes.io/arch"] = spec.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = spec.Architecture,
            ["kubernetes.io/hostname"] = spec.Name,
            ["kubernetes.io/os"] = "linux",
            ["node.kubernetes.io/instance-type"] = spec.Type.Name,
            ["topology.kubernetes.io/region"] = spec.Region,
            ["topology.kubernetes.io/zone"] = spec.Zone,
        };
        if (spec.Type.Gpus > 0)
        {
            // As the device plugin's feature discovery writes them.
            labels["nvidia.com/gpu.present"] = "true";
            labels["nvidia.com/gpu.count"] = spec.Type.Gpus.ToString(CultureInfo.InvariantCulture);
            labels["nvidia.com/gpu.product"] = spec.Type.GpuProduct;
        }
        if (!spec.ControlPlane)
            return labels;
        labels[ControlPlaneRole] = "";
        labels["node.kubernetes.io/exclude-from-external-load-balancers"] = "";
        return labels;
    }

    private static Dictionary<string, string> Annotations(NodeSpec spec) => new(spec.Annotations, StringComparer.Ordinal)
    {
        ["node.alpha.kubernetes.io/ttl"] = "0",
        [SimulationAnnotations.Simulated] = "true",
        ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true",
    };

    private static JsonObject Status(NodeSpec spec, DateTimeOffset now)
    {
        var status = new JsonObject
        {
            ["capacity"] = Resources(spec.Type.Cpus * 1000, spec.Type.MemoryMiB, spec.Type.Gpus),
            ["allocatable"] = Resources(spec.Type.Cpus * 1000 - 70, spec.Type.MemoryMiB - 256, spec.Type.Gpus),
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = spec.Address },
                new JsonObject { ["type"] = "Hostname", ["address"] = spec.Name }),
            ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = 10250 } },
            ["nodeInfo"] = new JsonObject
            {
                ["architecture"] = spec.Architecture,
                ["bootID"] = Guid(spec, "boot"),
                ["containerRuntimeVersion"] = "containerd://2.1.4",
                ["kernelVersion"] = "6.8.0-60-generic",
                ["kubeProxyVersion"] = spec.Version,
                ["kubeletVersion"] = spec.Version,
                ["machineID"] = StableHash.Hex(spec.ProviderId + "machine", 32),
                ["operatingSystem"] = "linux",
                ["osImage"] = "Ubuntu 24.04.2 LTS",
                ["systemUUID"] = Guid(spec, "system"),
            },
        };
        AddCondition(status, Condition.False("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"), now);
        AddCondition(status, Condition.False("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"), now);
        AddCondition(status, Condition.False("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"), now);
        AddCondition(status, Condition.True("Ready", "KubeletReady", "kubelet is posting ready status"), now);
        return status;
    }

    private static void AddCondition(JsonObject status, Condition condition, DateTimeOffset now)
    {
        status.SetCondition(condition, now);
        status.Items("conditions").Last()["lastHeartbeatTime"] = now.Rfc3339();
    }

    private static JsonObject Resources(int cpuMilli, long memoryMiB, int gpus)
    {
        var resources = new JsonObject
        {
            ["cpu"] = cpuMilli % 1000 == 0 ? (cpuMilli / 1000).ToString(CultureInfo.InvariantCulture) : $"{cpuMilli}m",
            ["ephemeral-storage"] = "50Gi",
            ["hugepages-1Gi"] = "0",
            ["hugepages-2Mi"] = "0",
            ["memory"] = $"{memoryMiB * 1024}Ki",
        };
        if (gpus > 0)
            resources[NodeRoom.Gpu] = gpus.ToString(CultureInfo.InvariantCulture);
        resources["pods"] = "110";
        return resources;
    }

    private static string Guid(NodeSpec spec, string salt) => System.Guid.ParseExact(StableHash.Hex(spec.ProviderId + salt, 32), "N").ToString();
}
