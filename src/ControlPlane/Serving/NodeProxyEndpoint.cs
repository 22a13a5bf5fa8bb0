using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Kubelets;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>nodes/proxy: a GET goes on to the kubelet of a node, whose figures the simulation computes.</summary>
internal static class NodeProxyEndpoint
{
    private static readonly KindInfo Nodes = BuiltInKinds.Find("", "nodes");

    public static async Task HandleAsync(ApiRequest request, ISimulatedMetrics? metrics)
    {
        var name = NodeOf(request.Key.Name);
        if (request.Cluster.Find(Nodes, new("", name)) is null) throw ApiErrors.NotFound(Nodes, name);
        var fault = request.Cluster.Fault?.Metrics;
        if (fault is { Latency.Ticks: > 0 }) await Task.Delay(fault.Latency, request.Cluster.Settings.Clock, request.Aborted);
        var answer = metrics?.Kubelet(request.Cluster, name, (request.Target.Rest ?? "").TrimEnd('/'), request.Flag("only_cpu_and_memory"))
            ?? throw new KubeApiException(503, "ServiceUnavailable", $"error trying to reach service: dial tcp: the kubelet of {name} does not answer");
        if (fault is { Mode: MetricsFaultMode.Error } && answer.Code == 200)
            answer = new KubeletAnswer(500, "text/plain; charset=utf-8", "failed to list pod stats: the container runtime does not answer (simulated)\n"u8.ToArray());
        if (fault is { Mode: MetricsFaultMode.Malformed }) await BrokenBody.WriteAsync(request.Http.Response, answer);
        else await ResponseBytes.WriteAsync(request.Http.Response, answer.Code, answer.Body, answer.MediaType);
    }

    /// <summary>The proxy also takes a scheme and a port: <c>https:node:10250</c>.</summary>
    private static string NodeOf(string name) => name.Split(':') switch
    {
        [var scheme, var node, _] when scheme is "http" or "https" or "" => node,
        [var node, _] => node,
        _ => name,
    };
}
