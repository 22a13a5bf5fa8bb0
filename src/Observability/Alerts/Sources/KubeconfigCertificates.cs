using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Contracts.Alerts;
using Fleet.Control.Clusters;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Observability.Alerts.Sources;

/// <summary>
/// When the certificates in a cluster's kubeconfig end: the client's, with which Fleet signs in, and those of the authority that its control plane is checked against. The value is the seconds left.
/// </summary>
internal sealed class KubeconfigCertificates(IKubernetesClient management, TimeProvider clock) : IAlertSource
{
    /// <summary>Certificates end slowly; Secrets are many.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    private const int AtOnce = 8;

    private readonly Kubeconfigs kubeconfigs = new(management);
    private readonly ConcurrentDictionary<(ObjectKey Cluster, string Uid), (DateTimeOffset At, IReadOnlyList<(string What, DateTimeOffset Ends)> Found)> known = new();

    public bool IsFor(AlertRuleEntry rule) => rule.Certificate is not null;

    public async Task<IReadOnlyList<SourceSample>> AskAsync(SourceQuestion question, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        try
        {
            await Parallel.ForEachAsync(
                question.Clusters.Values.Where(cluster => !(known.TryGetValue((cluster.Key, cluster.Uid), out var seen) && now - seen.At < LookAgain)),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                async (cluster, stop) => known[(cluster.Key, cluster.Uid)] = (now, await kubeconfigs.FindAsync(cluster.Key, stop) is { } text ? await ReadAsync(text, stop) : []));
        }
        catch (KubeApiException e)
        {
            throw new AlertSourceException($"management API: {e.Message}");
        }
        if (question.IsSystem)
            foreach (var gone in known.Keys.Where(key => !question.Clusters.ContainsKey(key.Cluster)).ToList())
                known.TryRemove(gone, out _);
        return [.. question.Clusters.Values.SelectMany(cluster => known[(cluster.Key, cluster.Uid)].Found.Select(one =>
            SourceSample.Of(cluster.Key, (one.Ends - question.Now).TotalSeconds, ("certificate", one.What))))];
    }

    /// <summary>What can not be read as a kubeconfig has no certificates: that it is broken is told by the cluster's own conditions.</summary>
    internal static async Task<IReadOnlyList<(string What, DateTimeOffset Ends)>> ReadAsync(string kubeconfig, CancellationToken ct)
    {
        try
        {
            // It may be a tenant's: nothing in it is started or opened.
            var endpoint = KubeConfig.Parse(kubeconfig, "the cluster's kubeconfig").Endpoint(new() { AllowExec = false, AllowFiles = false });
            var authorities = new X509Certificate2Collection();
            if (endpoint.CertificateAuthorityPem is { } pem)
                authorities.ImportFromPem(pem);
            return [.. Ends("client", (await endpoint.Credential.GetAsync(ct)).ClientCertificates), .. Ends("authority", authorities)];
        }
        catch (Exception e) when (e is KubeConfigException or CryptographicException or FormatException)
        {
            return [];
        }
    }

    /// <summary>Of several the one that ends first.</summary>
    private static IEnumerable<(string, DateTimeOffset)> Ends(string what, X509Certificate2Collection? certificates)
    {
        if (certificates is not { Count: > 0 })
            yield break;
        var ends = certificates.Min(certificate => certificate.NotAfter.ToUniversalTime());
        foreach (var certificate in certificates)
            certificate.Dispose();
        yield return (what, ends);
    }
}
