namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>A kubelet's own <c>/metrics</c>: what is needed of it for volumes, and a few figures about itself.</summary>
internal static class KubeletMetrics
{
    private static readonly (string Name, string Help, Func<VolumeReading, double> Value)[] Volumes =
    [
        ("kubelet_volume_stats_available_bytes", "[ALPHA] Free bytes of the volume", v => v.CapacityBytes - Math.Floor(v.UsedBytes)),
        ("kubelet_volume_stats_capacity_bytes", "[ALPHA] Size of the volume in bytes", v => v.CapacityBytes),
        ("kubelet_volume_stats_inodes", "[ALPHA] Inodes of the volume", v => Math.Floor(v.CapacityBytes / 16_384)),
        ("kubelet_volume_stats_inodes_free", "[ALPHA] Free inodes of the volume", v => Math.Floor(v.CapacityBytes / 16_384) - Math.Floor(v.UsedBytes / 65_536)),
        ("kubelet_volume_stats_inodes_used", "[ALPHA] Used inodes of the volume", v => Math.Floor(v.UsedBytes / 65_536)),
        ("kubelet_volume_stats_used_bytes", "[ALPHA] Used bytes of the volume", v => Math.Floor(v.UsedBytes)),
    ];

    public static string Of(NodeReading node)
    {
        var text = new PrometheusText();
        text.Family("kubelet_node_name", "gauge", "[ALPHA] Name of the node, as a label").Sample(1, null, ("node", node.Name));
        text.Family("kubelet_running_containers", "gauge", "[ALPHA] Containers, by state").Sample(node.Pods.Sum(p => p.Containers.Count), null, ("container_state", "running"));
        text.Family("kubelet_running_pods", "gauge", "[ALPHA] Pods whose sandbox runs").Sample(node.Pods.Count, null);
        foreach (var (name, help, value) in Volumes)
        {
            text.Family(name, "gauge", help);
            // A claim that several pods mount is told once.
            foreach (var (pod, volume) in node.Pods.SelectMany(p => p.Volumes.Select(v => (p, v))).DistinctBy(v => (v.p.Namespace, v.v.Claim)))
                text.Sample(value(volume), null, ("namespace", pod.Namespace), ("persistentvolumeclaim", volume.Claim));
        }
        text.Family("kubernetes_build_info", "gauge", "[ALPHA] Version, as labels").Sample(1, null,
            ("git_version", node.Machine.KubeletVersion), ("platform", "linux/amd64"));
        text.Family("process_start_time_seconds", "gauge", "When the kubelet started, as a unix time").Sample(node.Started.ToUnixTimeSeconds(), null);
        return text.ToString();
    }
}
