using Fleet.Contracts;
using Fleet.Control.Ownership;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// The account in the store, one for all replicas. The store lets one of those through who decided by the same version; who was too late reads and decides again.
/// </summary>
internal sealed class SharedDeletionAccount(IKubernetesClient client, OwnershipOptions? replica = null) : IDisposable
{
    public const string Name = "fleet-deletions-begun";

    /// <summary>Each failed try is another process's success: more replicas than that do not come in between.</summary>
    private const int MostTries = 10;

    /// <summary>The others of this process wait for their turn here, not in conflicts.</summary>
    private readonly SemaphoreSlim turn = new(1);
    private readonly IResourceClient<ConfigMap> maps = client.Resource(CoreTypes.ConfigMaps);

    public ObjectKey Key { get; } = new(replica?.Namespace ?? FleetApi.SystemNamespace, Name);

    /// <summary>The decision as it was stored.</summary>
    /// <returns>Null when others were always faster: nothing was stored.</returns>
    /// <exception cref="KubeApiException">It is not known whether anything was stored.</exception>
    /// <exception cref="FormatException">What is stored is no account.</exception>
    public async Task<BreakerDecision?> DecideAsync(Func<DeletionAccount, DeletionAccounting> decide, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            for (var tries = 0; tries < MostTries; tries++)
            {
                var stored = await ReadAsync(ct);
                var made = decide(stored is null ? DeletionAccount.Empty : DeletionAccount.From(stored));
                if (made.Next is null || await TryWriteAsync(made.Next, stored, ct))
                    return made.Decision;
            }

            return null;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<ConfigMap?> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await maps.GetAsync(Key, ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private async Task<bool> TryWriteAsync(DeletionAccount next, ConfigMap? before, CancellationToken ct)
    {
        var body = new ConfigMap
        {
            Metadata = new()
            {
                Name = Key.Name, Namespace = Key.Namespace, ResourceVersion = before?.Metadata.ResourceVersion, Uid = before?.Metadata.Uid, Labels = new() { [FleetLabels.Managed] = "true" },
            },
            Data = next.Data(),
        };
        try
        {
            await (before is null ? maps.CreateAsync(body, ct) : maps.UpdateAsync(body, ct));
            return true;
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsAlreadyExists || (e.IsNotFound && before is not null))
        {
            return false;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // Nobody has installed templates or backups there yet: no reason to hold anything.
            await MakeNamespaceAsync(ct);
            return false;
        }
    }

    private async Task MakeNamespaceAsync(CancellationToken ct)
    {
        try
        {
            await client.Resource(CoreTypes.Namespaces).CreateAsync(new() { Metadata = new() { Name = Key.Namespace } }, ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Made meanwhile.
        }
    }
}
