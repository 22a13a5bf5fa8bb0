using System.Security.Cryptography;
using Fleet.Control.Health;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>
/// The hashes of all tokens, watched in the management API: a token that is revoked ends within moments, without a request to the API for each that is used. A Secret
/// counts only for the cluster of its own namespace that has the uid it names; whoever may write Secrets in one namespace speaks for no cluster of another.
/// </summary>
public sealed class TokenDirectory : ITokenDirectory, IClusterDirectory, IReadinessCheck, IHostedService, IAsyncDisposable
{
    private const string ById = "id";
    private readonly Informer<Secret, TokenSet> secrets;
    private readonly Informer<PartialObjectMetadata, ClusterIdentity> clusters;
    private volatile bool isReady;
    private Task? starting;

    public TokenDirectory(IKubernetesClient management, TimeProvider clock)
    {
        secrets = new(management.Resource(CoreTypes.Secrets), new()
        {
            Project = secret => new TokenSet(
                secret.Metadata.Key.Namespace,
                TokenSecret.OwnerOf(secret),
                TokenSecret.TokensOf(secret).ToDictionary(token => token.Key, token => token.Value.Hash)),
            LabelSelector = TokenSecret.Selector,
            Indices = new Dictionary<string, Func<TokenSet, IEnumerable<string>>> { [ById] = set => set.Hashes.Keys },
            Clock = clock,
        });
        clusters = new(management.Metadata(FleetKinds.ClusterDeployments.Kind), new()
        {
            Project = cluster => new ClusterIdentity(cluster.Metadata.Key.Namespace, cluster.Metadata.Key.Name, cluster.Metadata.Uid ?? ""),
            Clock = clock,
        });
    }

    public bool IsReady => isReady;

    public string? Missing => isReady ? null : "the tokens of the clusters have not been read yet";

    public IReadOnlyCollection<ClusterIdentity>? Clusters => isReady ? [.. clusters.Items] : null;

    public ClusterIdentity? Find(TelemetryToken token)
    {
        if (!isReady)
            return null;
        var hash = token.Hash();
        foreach (var set in secrets.ByIndex(ById, token.Id))
        {
            if (!set.Hashes.TryGetValue(token.Id, out var known) || !CryptographicOperations.FixedTimeEquals(known, hash) || set.Owner is not { } owner)
                continue;
            if (clusters.TryGet(new(set.Namespace, owner.Name), out var cluster) && cluster.Uid == owner.Uid)
                return cluster;
        }
        return null;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        secrets.Start();
        clusters.Start();
        // Not awaited: the host must start while the management API is away.
        starting = ReadyAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await secrets.DisposeAsync();
        await clusters.DisposeAsync();
    }

    /// <summary>For tests: completes when it is ready.</summary>
    internal Task WhenReadyAsync() => starting ?? Task.CompletedTask;

    private async Task ReadyAsync()
    {
        await secrets.WaitForSyncAsync(CancellationToken.None);
        await clusters.WaitForSyncAsync(CancellationToken.None);
        isReady = true;
    }

    private sealed record TokenSet(string Namespace, OwnerReference? Owner, Dictionary<string, byte[]> Hashes);
}
