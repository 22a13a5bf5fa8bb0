namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>A kubelet's <c>/metrics/resource</c>: CPU and memory, and nothing else.</summary>
internal static class ResourceMetrics
{
    public static string Of(NodeReading node)
    {
        var text = new PrometheusText();
        Containers("container_cpu_usage_seconds_total", "counter", "[STABLE] CPU time used by the container, in seconds of a core", c => c.Used.CpuSeconds);
        Containers("container_memory_working_set_bytes", "gauge", "[STABLE] Working set of the container, in bytes", c => Math.Floor(c.Used.WorkingSetBytes));
        text.Family("container_start_time_seconds", "gauge", "[STABLE] When the container started, as a unix time");
        foreach (var pod in node.Pods)
        {
            foreach (var container in pod.Containers)
                text.Sample(container.Started.ToUnixTimeMilliseconds() / 1000d, null, Labels(pod, container));
        }
        text.Family("node_cpu_usage_seconds_total", "counter", "[STABLE] CPU time used by the node, in seconds of a core").Sample(node.Used.CpuSeconds, node.Time);
        text.Family("node_memory_working_set_bytes", "gauge", "[STABLE] Working set of the node, in bytes").Sample(Math.Floor(node.Used.WorkingSetBytes), node.Time);
        Pods("pod_cpu_usage_seconds_total", "counter", "[STABLE] CPU time used by the pod, in seconds of a core", p => p.Used.CpuSeconds);
        Pods("pod_memory_working_set_bytes", "gauge", "[STABLE] Working set of the pod, in bytes", p => Math.Floor(p.Used.WorkingSetBytes));
        text.Family("resource_scrape_error", "gauge", "[STABLE] 1 when the figures could not be had").Sample(0, null);
        text.Family("scrape_error", "gauge", "[ALPHA] (Deprecated since 1.29.0) 1 when the figures could not be had").Sample(0, null);
        return text.ToString();

        void Containers(string name, string type, string help, Func<ContainerReading, double> value)
        {
            text.Family(name, type, help);
            foreach (var pod in node.Pods)
            {
                foreach (var container in pod.Containers)
                    text.Sample(value(container), node.Time, Labels(pod, container));
            }
        }

        void Pods(string name, string type, string help, Func<PodReading, double> value)
        {
            text.Family(name, type, help);
            foreach (var pod in node.Pods)
                text.Sample(value(pod), node.Time, ("namespace", pod.Namespace), ("pod", pod.Name));
        }
    }

    private static (string, string)[] Labels(PodReading pod, ContainerReading container) =>
        [("container", container.Name), ("namespace", pod.Namespace), ("pod", pod.Name)];
}
