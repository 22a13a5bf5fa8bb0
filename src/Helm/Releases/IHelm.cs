using System.Text.Json.Nodes;
using Fleet.Helm.Errors;
using Fleet.Helm.Owners;

namespace Fleet.Helm.Releases;

/// <summary>
/// Releases in clusters, made by the helm binary. Every failure is a <see cref="HelmException"/>; cancellation is an
/// <see cref="OperationCanceledException"/> after the process tree is gone. Safe for concurrent use; two operations on one release at a time are the
/// caller's business (helm answers Locked).
/// </summary>
public interface IHelm
{
    /// <summary>helm upgrade --install.</summary>
    Task<HelmRelease> UpgradeAsync(UpgradeRequest request, CancellationToken ct);

    /// <summary>helm template: the manifests as one multi-document YAML text.</summary>
    Task<string> TemplateAsync(TemplateRequest request, CancellationToken ct);

    /// <summary>Latest revision, or null when there is no such release.</summary>
    Task<HelmRelease?> StatusAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct);

    /// <summary>Newest first; empty when there is no such release.</summary>
    Task<IReadOnlyList<HelmRelease>> HistoryAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct);

    /// <summary>Releases in every state. Namespace null: all namespaces.</summary>
    Task<IReadOnlyList<HelmRelease>> ListAsync(ClusterAccess cluster, string? ns, CancellationToken ct);

    /// <summary>Values the user gave (<paramref name="all"/>: with the chart's defaults).</summary>
    Task<JsonObject> GetValuesAsync(ReleaseName release, ClusterAccess cluster, bool all, CancellationToken ct);

    Task<string> GetManifestAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct);

    /// <summary>To <paramref name="revision"/>; 0 is the one before the last.</summary>
    Task RollbackAsync(ReleaseName release, ClusterAccess cluster, int revision, ReleaseOptions options, CancellationToken ct);

    /// <summary>False when there was no such release.</summary>
    Task<bool> UninstallAsync(ReleaseName release, ClusterAccess cluster, ReleaseOptions options, CancellationToken ct);

    /// <summary>
    /// Wins the release for its owner, before anything changes it; the operation follows, and then the hold is disposed of. Does nothing without an owner.
    /// </summary>
    /// <exception cref="HelmException">Locked: a former owner's helm may still run (it is waited for, for half a minute), or a later owner has the release.</exception>
    Task<ReleaseHold> OwnAsync(ReleaseName release, ClusterAccess cluster, ReleaseOwner? owner, ReleaseOperation operation, CancellationToken ct);

    /// <summary>
    /// Frees a release that a killed helm left pending. Call it only while nobody else works on the release (the owner of its grain): from outside,
    /// a helm that still runs looks the same as one that died.
    /// </summary>
    Task<RecoveryResult> RecoverAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct);

    /// <summary>
    /// As <see cref="RecoverAsync"/>, for whoever makes the very revision again that was cut off: only its record goes, so that nothing that the interrupted
    /// one has changed is changed back and forth.
    /// </summary>
    Task ForgetPendingAsync(ReleaseName release, ClusterAccess cluster, CancellationToken ct);

    /// <summary>helm lint: what it complains about, empty when clean.</summary>
    Task<IReadOnlyList<string>> LintAsync(string chartFolderOrArchive, JsonObject? values, CancellationToken ct);
}
