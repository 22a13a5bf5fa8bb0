using Fleet.Kubernetes.Resources;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Kubelets;

/// <summary>The way to the kubelets of a cluster.</summary>
internal interface IKubelets
{
    /// <summary>The answer of one node, successful; throws <see cref="KubeApiException"/> for every other.</summary>
    /// <param name="path">For example <c>stats/summary</c>.</param>
    Task<HttpResponseMessage> GetAsync(NodeRow node, string path, CancellationToken ct);
}

/// <summary>Through the node proxy of the API server, for which <c>nodes/proxy</c> is needed: with it one may do much more on a node.</summary>
internal sealed class ProxiedKubelets(IKubernetesClient cluster) : IKubelets
{
    public Task<HttpResponseMessage> GetAsync(NodeRow node, string path, CancellationToken ct) => cluster.GetRawAsync($"/api/v1/nodes/{Uri.EscapeDataString(node.Name)}/proxy/{path}", ct);
}
