using System.Diagnostics.Metrics;
using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Metrics;

/// <summary>
/// Instruments about clusters, templates and credentials. They read the rows of the watches when somebody scrapes, so they cost nothing in between, never list,
/// and a series goes with its object. Of several replicas each tells of what it owns, so that sums over them are right.
/// </summary>
internal sealed class ClusterMetrics : IHostedService, IDisposable
{
    public const string MeterName = "Fleet.ClusterManager";

    /// <summary>Seconds: from a simulated cluster to one on slow hardware.</summary>
    private static readonly double[] LongBuckets = [5, 15, 30, 60, 120, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 14400];

    private readonly ClusterWatches watches;
    private readonly LinkTrigger links;
    private readonly IGrainDirectory directory;
    private readonly Dictionary<ClusterDuration, Histogram<double>> durations;
    private readonly ClusterDurations tracker;
    private IDisposable? subscription;

    public ClusterMetrics(IMeterFactory factory, ClusterWatches watches, LinkTrigger links, IGrainDirectory directory, TimeProvider clock)
    {
        (this.watches, this.links, this.directory) = (watches, links, directory);
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge("fleet.cluster.phase", Phases, "{cluster}", "1 for the phase that the cluster is in; step tells what is waited for");
        meter.CreateObservableGauge("fleet.cluster.phase.start.time", Starts, "s", "When the present phase of the cluster or its step began, in seconds since 1970");
        meter.CreateObservableGauge("fleet.cluster.condition", Conditions, "{cluster}", "Condition of the cluster: 1 true, 0 false, -1 unknown");
        meter.CreateObservableGauge("fleet.clusters", Counts, "{cluster}", "Clusters by phase");
        meter.CreateObservableGauge("fleet.cluster.nodes", Nodes, "{node}", "Nodes of the cluster, as its API server tells; no series while it does not answer");
        meter.CreateObservableGauge("fleet.credential.ready", CredentialStates, "{credential}", "1 when the Credential can be used, else 0");
        meter.CreateObservableGauge("fleet.credential.clusters", CredentialUse, "{cluster}", "Clusters that are made with the Credential");
        meter.CreateObservableGauge("fleet.watch.contact.time", Contacts, "s", "When the management API was last heard about a kind, in seconds since 1970");
        durations = new()
        {
            [ClusterDuration.Provision] = Histogram(meter, "fleet.cluster.provision.duration", "Time from the creation of a ClusterDeployment until it was ready for the first time"),
            [ClusterDuration.Upgrade] = Histogram(meter, "fleet.cluster.upgrade.duration", "Time from a change of the template until the cluster was ready again"),
            [ClusterDuration.Deletion] = Histogram(meter, "fleet.cluster.deletion.duration", "Time from the request to delete a cluster until it was gone"),
        };
        tracker = new(clock, (what, took) => durations[what].Record(took.TotalSeconds));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        subscription = watches.Clusters.Subscribe(change => tracker.On(change, IsOurs(change.Key)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => Interlocked.Exchange(ref subscription, null)?.Dispose();

    private static Histogram<double> Histogram(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LongBuckets });

    private IEnumerable<Measurement<int>> Phases() => Clusters().Select(row =>
        new Measurement<int>(1, [.. Names("cluster", row.Key), new("phase", row.Health.Phase), new("step", row.Health.Step)]));

    private IEnumerable<Measurement<double>> Starts() => Clusters()
        .Where(row => row.Health.Since is not null)
        .Select(row => new Measurement<double>(Seconds(row.Health.Since!.Value), Names("cluster", row.Key)));

    private IEnumerable<Measurement<int>> Conditions() =>
        from row in Clusters()
        from condition in Enumerable.Range(0, ClusterHealth.Told.Count)
        let value = row.Health.Value(condition)
        where value is not null
        select new Measurement<int>(value.Value, [.. Names("cluster", row.Key), new("condition", ClusterHealth.Told[condition].ToString())]);

    /// <summary>Both counts, also when one is zero: the last node that becomes ready must not look like a gap.</summary>
    private IEnumerable<Measurement<int>> Nodes() =>
        from link in links.Contacts
        where link.Contact is { IsReachable: true, Nodes: not null }
        from isReady in (bool[])[true, false]
        select new Measurement<int>(link.Contact.Nodes!.Count(node => node.IsReady == isReady), [.. Names("cluster", link.Cluster), new("ready", isReady ? "true" : "false")]);

    /// <summary>Every phase, also those that no cluster is in: a panel without a series looks like a failure.</summary>
    private IEnumerable<Measurement<int>> Counts()
    {
        if (!watches.Clusters.State.HasSynced)
            return [];
        var counts = Clusters().CountBy(row => row.Health.Phase).ToDictionary();
        return Api.ClusterPhase.All.Select(phase => new Measurement<int>(counts.GetValueOrDefault(phase), new KeyValuePair<string, object?>("phase", phase)));
    }

    private IEnumerable<Measurement<int>> CredentialStates() => Credentials().Select(row => new Measurement<int>(row.Ready ? 1 : 0, Names("credential", row.Key)));

    private IEnumerable<Measurement<int>> CredentialUse() => watches.Clusters.State.HasSynced
        ? Credentials().Select(row => new Measurement<int>(watches.Clusters.ByIndex(ClusterWatches.ByCredential, row.Key.ToString()).Count, Names("credential", row.Key)))
        : [];

    private IEnumerable<Measurement<double>> Contacts()
    {
        (string Kind, InformerState State)[] all = [("ClusterDeployment", watches.Clusters.State), ("ClusterTemplate", watches.Templates.State), ("Credential", watches.Credentials.State)];
        return all.Where(watch => watch.State.LastContact is not null)
            .Select(watch => new Measurement<double>(Seconds(watch.State.LastContact!.Value), new KeyValuePair<string, object?>("kind", watch.Kind)));
    }

    private IEnumerable<ClusterRow> Clusters() => Rows(watches.Clusters).Where(row => IsOurs(row.Key));

    private IEnumerable<CredentialRow> Credentials() => Rows(watches.Credentials).Where(row => directory.Owns(new("credential", row.Key)));

    private bool IsOurs(ObjectKey cluster) => directory.Owns(GrainId.OfCluster(cluster));

    /// <summary>Nothing before the first list: no clusters known is not the same as no clusters.</summary>
    private static IEnumerable<TItem> Rows<T, TItem>(Informer<T, TItem> informer) where T : class, IKubernetesObject => informer.State.HasSynced ? informer.Items : [];

    private static KeyValuePair<string, object?>[] Names(string kind, ObjectKey key) => [new("namespace", key.Namespace), new(kind, key.Name)];

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
