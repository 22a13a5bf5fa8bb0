using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Events;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Microsoft.Extensions.Logging;

namespace Fleet.Control.Ownership.Pinning;

/// <summary>
/// Which clusters are to belong to which pool, by the rules of the ConfigMap and what the clusters are. Asked by one replica at a time, and only that one watches clusters, once there
/// are rules. For one caller.
/// </summary>
internal sealed partial class WantedPins : IAsyncDisposable
{
    /// <summary>Clusters that are made one after the other move together: each move has the clusters of the pool looked at anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly OwnershipOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly EventRecorder events;
    private readonly Informer<ConfigMap, ConfigMapText> maps;
    private readonly Informer<ClusterDeployment, PinnableCluster> clusters;
    private PinRules rules = PinRules.None;
    private IReadOnlyDictionary<ObjectKey, string>? wanted;
    private ConfigMapText? read;
    private bool isReadable;
    private bool hasTold;
    private string? said;
    private bool hasBegun;
    private long? foundAt;
    private volatile bool hasChanged = true;

    public WantedPins(IKubernetesClient client, OwnershipOptions options, TimeProvider clock, ILogger log)
    {
        (this.options, this.clock, this.log) = (options, clock, log);
        events = new(client.Resource(CoreTypes.Events), new() { Controller = $"fleet-{options.Service}", Instance = options.Replica, Clock = clock });
        maps = client.Resource(CoreTypes.ConfigMaps).Informer(new InformerOptions<ConfigMap, ConfigMapText>
        {
            Project = static map => new(map.Data?.GetValueOrDefault(OwnershipNames.PinRulesKey), map.Metadata.Uid),
            Namespace = options.Namespace,
            FieldSelector = $"metadata.name={OwnershipNames.PinRules}",
            Clock = clock,
        });
        clusters = client.Resource(FleetKinds.ClusterDeployments).Informer(new InformerOptions<ClusterDeployment, PinnableCluster>
        {
            Project = PinnableCluster.Of,
            Unchanged = EqualityComparer<PinnableCluster>.Default,
            Clock = clock,
        });
    }

    /// <param name="changed">Called after each change, on a watch's own task: must be quick.</param>
    public void Start(Action changed)
    {
        maps.Subscribe(_ => changed());
        clusters.Subscribe(_ => hasChanged = true);
        maps.Start();
    }

    /// <summary>The pool of each cluster that is to have one; null as long as that is not known: nothing was seen yet, or the rules cannot be read.</summary>
    public IReadOnlyDictionary<ObjectKey, string>? Find()
    {
        if (!maps.State.HasSynced || !ReadRules())
            return null;
        if (rules.IsEmpty)
            return wanted = new Dictionary<ObjectKey, string>();
        if (!hasBegun)
        {
            hasBegun = true;
            clusters.Start();
        }
        if (!clusters.State.HasSynced)
            return null;
        if (wanted is not null && (!hasChanged || (foundAt is { } last && clock.GetElapsedTime(last) < Patience)))
            return wanted;
        (hasChanged, foundAt) = (false, clock.GetTimestamp());
        (wanted, var left) = rules.Of(clusters.Items);
        if (!hasTold)
            events.Normal(About, "PinsRead", "Pin", $"{wanted.Count} clusters belong to pools");
        hasTold = true;
        Say(left > 0 ? $"{left} clusters more than fit into the table are not pinned" : null);
        return wanted;
    }

    public async ValueTask DisposeAsync()
    {
        await maps.DisposeAsync();
        await events.DisposeAsync();
        await clusters.DisposeAsync();
    }

    /// <summary>False when they cannot be read: what is pinned stays so until somebody mends them.</summary>
    private bool ReadRules()
    {
        var text = maps.TryGet(new(options.Namespace, OwnershipNames.PinRules), out var map) ? map : ConfigMapText.None;
        if (text == read)
            return isReadable;
        read = text;
        try
        {
            rules = PinRules.Parse(text.Text ?? throw new FormatException($"it has no key {OwnershipNames.PinRulesKey}"));
            (isReadable, hasChanged, hasTold, foundAt) = (true, true, false, null);
            Say(null);
        }
        catch (FormatException e)
        {
            isReadable = false;
            Say(e.Message);
        }
        return isReadable;
    }

    /// <summary>To who reads the log, and by an event to who describes the ConfigMap.</summary>
    private void Say(string? what)
    {
        if (what is not null && what != said)
        {
            LogTrouble(options.Namespace, OwnershipNames.PinRules, what);
            events.Warning(About, "PinsRefused", "Pin", what);
        }
        said = what;
    }

    private ObjectReference About => new() { ApiVersion = "v1", Kind = "ConfigMap", Namespace = options.Namespace, Name = OwnershipNames.PinRules, Uid = read?.Uid };

    [LoggerMessage(1050, LogLevel.Error, "ConfigMap {Namespace}/{Name}: {Trouble}")]
    private partial void LogTrouble(string @namespace, string name, string trouble);

    /// <summary>Of the key; null when the ConfigMap does not have it.</summary>
    private sealed record ConfigMapText(string? Text, string? Uid)
    {
        /// <summary>There is no ConfigMap: nothing is pinned.</summary>
        public static ConfigMapText None { get; } = new("", null);
    }
}
