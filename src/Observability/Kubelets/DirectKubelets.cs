using System.Globalization;
using Fleet.Control.Certificates;
using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Kubelets;

/// <summary>
/// At the kubelets' own port, from within the cluster, as who we are there. <c>nodes/metrics</c> and <c>nodes/stats</c> are enough, which let nobody into a container.
/// </summary>
internal sealed class DirectKubelets : IKubelets, IDisposable
{
    private readonly ClusterCredential credential;
    private readonly int port;
    private readonly HttpClient client;

    /// <param name="caFile">With the certificates that those of kubelets come from; null: any is taken, since many clusters let kubelets sign their own. Read now.</param>
    /// <exception cref="InvalidDataException">The file holds no certificate.</exception>
    public DirectKubelets(ClusterCredential credential, string? caFile, int port = 10250)
    {
        (this.credential, this.port) = (credential, port);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) };
        if (caFile is not null)
            handler.SslOptions.CertificateChainPolicy = TrustedRoots.Of(caFile);
        else
            // Somebody has asked for it explicitly; see AgentOptions.
#pragma warning disable CA5359
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<HttpResponseMessage> GetAsync(NodeRow node, string path, CancellationToken ct)
    {
        if (node.Address.Length == 0)
            throw new KubeApiException(404, "NotFound", "the node says no address");
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder("https", node.Address, port, path).Uri);
        request.Headers.Authorization = (await credential.GetAsync(ct)).Authorization;
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new KubeApiException((int)response.StatusCode, response.StatusCode.ToString(), string.Create(CultureInfo.InvariantCulture, $"it answers {(int)response.StatusCode}"));
    }

    public void Dispose() => client.Dispose();
}
