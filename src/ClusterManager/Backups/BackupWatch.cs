using Fleet.Contracts;
using Fleet.Contracts.Backups;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Backups;

/// <summary>The watch on ManagementBackups: what asks for a look, and what metrics tell.</summary>
internal sealed class BackupWatch(IKubernetesClient client, TimeProvider clock) : IAsyncDisposable
{
    public Informer<ManagementBackup, BackupRow> Backups { get; } = client.Resource(FleetKinds.ManagementBackups).Informer(
        new InformerOptions<ManagementBackup, BackupRow> { Project = BackupRow.Of, Unchanged = EqualityComparer<BackupRow>.Default, Clock = clock });

    /// <summary>Changes of the spec and requests; what the reconciler writes itself asks for nothing.</summary>
    public static IEnumerable<ObjectKey> Asked(InformerEvent<BackupRow> change) => change.Previous?.Asks == change.Item.Asks ? [] : [change.Key];

    /// <summary>Those that a Secret of the system namespace opens.</summary>
    public IEnumerable<ObjectKey> Naming(ObjectKey secret) => secret.Namespace != FleetApi.SystemNamespace || !Backups.State.HasSynced
        ? []
        : Backups.Items.Where(row => row.KeySecret == secret.Name).Select(row => row.Key);

    public ValueTask DisposeAsync() => Backups.DisposeAsync();
}

internal sealed record BackupRow(ObjectKey Key, BackupAsks Asks, string KeySecret)
{
    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? LastSuccess { get; init; }

    public TimeSpan? Took { get; init; }

    public long? SizeBytes { get; init; }

    public int Failures { get; init; }

    public static BackupRow Of(ManagementBackup item)
    {
        var (meta, last) = (item.Metadata, item.Status?.LastBackup);
        return new(
            meta.Key,
            new(meta.Uid, meta.Generation, meta.IsBeingDeleted, meta.Annotations?.GetValueOrDefault(FleetAnnotations.ReconcileRequested), meta.Annotations?.GetValueOrDefault(FleetAnnotations.Paused)),
            item.Spec.EncryptionSecretRef?.Name is { Length: > 0 } named ? named : BackupSecrets.UsualKey)
        {
            Created = meta.CreationTimestamp,
            LastSuccess = item.Status?.LastSuccess,
            Took = last is { Phase: BackupPhase.Completed or BackupPhase.PartiallyFailed } ? last.CompletionTimestamp - last.StartTimestamp : null,
            SizeBytes = last?.SizeBytes,
            Failures = item.Status?.Failures ?? 0,
        };
    }
}

/// <summary>What somebody else than the reconciler changes.</summary>
internal sealed record BackupAsks(string? Uid, long? Generation, bool IsBeingDeleted, string? Request, string? Paused);
