using System.Security.Cryptography;
using System.Text;
using Fleet.ClusterManager.Connections;
using Fleet.Kubernetes.Configuration;

namespace Fleet.ClusterManager.Regions;

/// <summary>The connection of this process to the cluster of one Region, shared by all that works through it.</summary>
internal sealed class RegionConnection : IAsyncDisposable
{
    /// <summary>A quarter of what the controller of clusters works on at once.</summary>
    private const int MostClustersAtOnce = 8;

    private readonly RegionParts parts;
    private readonly ClusterLink link;
    private readonly Lock gate = new();
    private RegionSession? session;
    private string hash = "";
    private int watchers;
    private bool wasReachable;

    public RegionConnection(string name, RegionParts parts)
    {
        (Name, this.parts) = (name, parts);
        Gate = new(MostClustersAtOnce, parts.Triggers.Call);
        link = new(parts.Clients, new(parts.Options.ProbeInterval, parts.Options.ProbeTimeout), ContactChanged, parts.Clock, parts.Jitter);
    }

    public string Name { get; }

    public RegionGate Gate { get; }

    public ClusterContact Contact => link.Contact;

    /// <summary>It has not answered more than once in a row: asking again would only cost everybody a time-out.</summary>
    public bool IsLost => Contact is { Last: { Answered: false }, IsReachable: false } contact && (contact.Failures >= ClusterContact.FailuresToBelieve || contact.Last.Refused || contact.Last.KubeconfigInvalid);

    /// <summary>What works with this kubeconfig; null when it is none. Null closes the connection.</summary>
    public RegionSession? Use(string? kubeconfig)
    {
        var wanted = kubeconfig is null ? "" : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(kubeconfig)));
        lock (gate)
        {
            if (wanted == hash)
                return session;
            hash = wanted;
            _ = session?.DisposeAsync().AsTask();
            session = kubeconfig is null ? null : Open(kubeconfig);
            session?.Watch(watchers > 0);
        }
        link.Use(kubeconfig);
        return session;
    }

    /// <summary>Whether CAPI objects are watched: counted, since each cluster of the region asks for it.</summary>
    public void Watch(bool isWanted)
    {
        lock (gate)
        {
            watchers += isWanted ? 1 : -1;
            session?.Watch(watchers > 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        RegionSession? last;
        lock (gate)
            (last, session, hash) = (session, null, "");
        if (last is not null)
            await last.DisposeAsync();
        await link.DisposeAsync();
    }

    // The link says what is wrong with a kubeconfig that cannot be used.
    private RegionSession? Open(string kubeconfig)
    {
        try
        {
            return new(Name, kubeconfig, parts);
        }
        catch (KubeConfigException)
        {
            return null;
        }
    }

    private void ContactChanged()
    {
        var isReachable = Contact.IsReachable;
        RegionSession? lost = null;
        lock (gate)
        {
            if (isReachable == wasReachable)
            {
                parts.Triggers.ContactChanged(Name);
                return;
            }
            wasReachable = isReachable;
            if (!isReachable)
                lost = session;
        }
        lost?.Lose();
        parts.Triggers.ReachabilityChanged(Name);
    }
}
