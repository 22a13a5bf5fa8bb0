using Fleet.ClusterManager.Capi;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Regions;

/// <summary>What is done with one kubeconfig of a region. Whoever works with it holds it, so that another kubeconfig closes nothing under anybody's hands.</summary>
internal sealed class RegionSession : IAsyncDisposable
{
    /// <summary>A crowd of clusters asks once; and nobody writes to a cluster that he has not seen a second ago.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly RegionParts parts;
    private readonly KubernetesClient client;
    private readonly Lock gate = new();
    private CancellationTokenSource lost = new();
    private RegionWatches? watches;
    private Asked? asked;
    private int holders;
    private bool isRetired;

    /// <summary>Throws <see cref="KubeConfigException"/>.</summary>
    public RegionSession(string region, string kubeconfig, RegionParts parts)
    {
        this.parts = parts;
        client = parts.Clients.OpenForWork(kubeconfig);
        Host = new(client, new ClusterAccess(kubeconfig), parts.Helm, parts.Options.HelmTimeout) { Region = region };
    }

    public CapiHost Host { get; }

    /// <summary>Cancelled when the region is lost: nothing that runs waits for its own time-out then.</summary>
    public CancellationToken Lost
    {
        get
        {
            lock (gate)
                return lost.Token;
        }
    }

    /// <summary>Failures are results. Asked anew when the last answer is older than a moment, or on demand.</summary>
    public Task<RegionIdentity> IdentifyAsync(bool anew = false)
    {
        lock (gate)
        {
            if (asked is { } last && (!last.Answer.IsCompleted || (!anew && parts.Clock.GetElapsedTime(last.At) < Fresh)))
                return last.Answer;
            asked = new(parts.Clock.GetTimestamp(), AskAsync());
            return asked.Answer;
        }
    }

    /// <summary>Dispose the result when done.</summary>
    public IDisposable Hold()
    {
        lock (gate)
            holders++;
        return new Holding(this);
    }

    public void Watch(bool isWanted)
    {
        RegionWatches? ended = null;
        lock (gate)
        {
            if (isWanted && watches is null && !isRetired)
            {
                watches = new(client, parts.Clock);
                watches.Start(parts.Triggers);
            }
            else if (!isWanted)
            {
                (ended, watches) = (watches, null);
            }
        }
        _ = ended?.DisposeAsync().AsTask();
    }

    public void Lose()
    {
        CancellationTokenSource ended;
        lock (gate)
        {
            if (isRetired)
                return;
            (ended, lost) = (lost, new());
        }
        ended.Cancel();
        ended.Dispose();
    }

    /// <summary>No one will begin to use it; it closes when the last one who does has finished.</summary>
    public async ValueTask DisposeAsync()
    {
        Watch(false);
        bool isFree;
        lock (gate)
        {
            if (isRetired)
                return;
            isRetired = true;
            isFree = holders == 0;
        }
        await lost.CancelAsync();
        if (isFree)
            Close();
    }

    private async Task<RegionIdentity> AskAsync()
    {
        // Off the caller's lock.
        await Task.Yield();
        using var holding = Hold();
        using var limit = new CancellationTokenSource(parts.Options.ProbeTimeout, parts.Clock);
        try
        {
            var system = await client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), limit.Token);
            return system?.Metadata.Uid is { } uid ? new(uid, null) : new(null, "the cluster has no namespace kube-system, by whose uid it is known");
        }
        catch (KubeApiException e)
        {
            return new(null, e.Message, e.IsForbidden || e.IsUnauthorized);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException)
        {
            return new(null, e is OperationCanceledException ? $"no answer within {parts.Options.ProbeTimeout.TotalSeconds:0} s" : "the connection was cut off");
        }
    }

    private void Release()
    {
        lock (gate)
            if (--holders > 0 || !isRetired)
                return;
        Close();
    }

    private void Close()
    {
        client.Dispose();
        lost.Dispose();
    }

    private sealed record Asked(long At, Task<RegionIdentity> Answer);

    private sealed class Holding(RegionSession session) : IDisposable
    {
        private RegionSession? held = session;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
