using Fleet.Helm.Releases;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Helm.Owners;

/// <summary>A release that was won, until it is disposed of: then the record says that nothing runs any more, unless a later owner has it by then.</summary>
public sealed class ReleaseHold : IAsyncDisposable
{
    /// <summary>The cluster has ten seconds; what stays is over at its time limit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private KubernetesClient? client;
    private readonly ReleaseName release;
    private readonly OwnerRecord? record;
    private readonly ObjectMeta? written;
    private bool isGone;

    private ReleaseHold()
    {
    }

    internal ReleaseHold(KubernetesClient client, ReleaseName release, OwnerRecord record, ObjectMeta written) =>
        (this.client, this.release, this.record, this.written) = (client, release, record, written);

    /// <summary>Where releases are not shared out, or there is no place for records.</summary>
    internal static ReleaseHold OfNobody { get; } = new();

    /// <summary>The release is no more, and nobody has to own it.</summary>
    public void Gone() => isGone = true;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref client, null) is not { } held)
            return;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var secrets = held.Dynamic(ReleaseOwners.Secrets);
            if (isGone)
                await secrets.DeleteAsync(OwnerRecord.KeyOf(release), new() { Uid = written!.Uid, ResourceVersion = written.ResourceVersion }, limit.Token);
            else
                await secrets.UpdateAsync(new((record! with { Operation = null }).Manifest(release, written)), limit.Token);
        }
        catch (Exception e) when (e is KubeApiException or OperationCanceledException)
        {
            // A later owner has it, or it cannot be reached: then the time limit says that it is over.
        }
        held.Dispose();
    }
}
