using System.Collections.Concurrent;
using System.Text.Json;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.Compliance.Findings;

namespace Fleet.StateManager.Compliance.Collection;

/// <summary>
/// What the policy engines of one cluster report, over the connection that its grain holds: one watch per kind of report that the cluster serves, and one on the
/// names of its definitions, which tells when such kinds come and go. Runs on tasks of its own: a cluster whose grain waits for Helm is looked at all the same.
/// </summary>
internal sealed class ComplianceWatches : IAsyncDisposable
{
    /// <summary>A server tells that a definition is established a moment before it serves the kind.</summary>
    private static readonly TimeSpan ServedAfter = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>One broken watch is daily life; it is taken up again within a second.</summary>
    private const int FailuresShown = 3;

    private readonly IKubernetesClient client;
    private readonly TimeProvider clock;
    private readonly IJitterSource jitter;
    private readonly ConcurrentDictionary<ResourceKind, Informer<DynamicObject, ReportFindings>> reports = new();
    private readonly Informer<PartialObjectMetadata, bool> definitions;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim asked = new(0, 1);
    private Task following = Task.CompletedTask;
    private volatile bool hasLooked;
    private volatile string? discoveryProblem;
    private volatile bool isServedLater;
    private volatile bool isClosed;
    private Action changed = static () => { };

    public ComplianceWatches(IKubernetesClient client, TimeProvider clock, IJitterSource jitter)
    {
        (this.client, this.clock, this.jitter) = (client, clock, jitter);
        definitions = client.Metadata(CoreKinds.Definitions).Informer(new InformerOptions<PartialObjectMetadata, bool>
        {
            Project = static definition => ComplianceKinds.MayMatter(definition.Metadata.Name ?? ""),
            // All that happens to a definition but its coming and going is nothing here, except when its versions change: then its watch fails and asks.
            Unchanged = EqualityComparer<bool>.Default,
            Clock = clock,
            Jitter = jitter.Next,
            Failed = _ => TellFailure(definitions!),
        });
        definitions.Subscribe(change =>
        {
            if (!ComplianceKinds.MayMatter(change.Key.Name))
                return;
            isServedLater = true;
            Ask();
        });
    }

    /// <summary>Begins to look.</summary>
    public void Start()
    {
        definitions.Start();
        following = Task.Run(() => FollowAsync(stop.Token));
        Ask();
    }

    /// <summary>Whom changes are told to, from now on; told once at once. Must be quick.</summary>
    public void Tell(Action listener)
    {
        Volatile.Write(ref changed, listener);
        listener();
    }

    /// <summary>Why the figures may be behind; null while everything is seen.</summary>
    public string? Problem =>
        isClosed ? "the connection was closed"
        : discoveryProblem is { } problem ? $"which kinds the cluster has cannot be found out: {problem}"
        : reports.Select(r => (r.Key, r.Value.State)).FirstOrDefault(r => r.State.Failures >= FailuresShown) is { Key: { } kind, State.LastError: { } error } ? $"{kind.Plural}.{kind.Group} cannot be watched: {error.Message}"
        : definitions.State is { Failures: >= FailuresShown, LastError: { } away } ? away.Message
        : null;

    /// <summary>Null until every report has been read once: what is not known yet is not "no findings".</summary>
    public ClusterFindings? Find() => isClosed || !hasLooked || reports.Values.Any(informer => !informer.State.HasSynced)
        ? null
        : ClusterFindings.Of(reports.Keys.Select(ComplianceKinds.NameOf), reports.Values.SelectMany(informer => informer.Items));

    public async ValueTask DisposeAsync()
    {
        if (isClosed)
            return;
        isClosed = true;
        await stop.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var informer in reports.Values)
            await informer.DisposeAsync();
        await definitions.DisposeAsync();
        stop.Dispose();
        asked.Dispose();
        Volatile.Read(ref changed)();
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await asked.WaitAsync(ct);
            try
            {
                await LookAsync(ct);
                if (!isServedLater)
                    continue;
                isServedLater = false;
                await Task.Delay(ServedAfter, clock, ct);
                await LookAsync(ct);
            }
            catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                discoveryProblem = e.Message;
                Volatile.Read(ref changed)();
                await Task.Delay(TryAgainAfter, clock, ct);
                Ask();
            }
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var wanted = (await ComplianceDiscovery.ReadAsync(client, ct)).ToHashSet();
        foreach (var (kind, informer) in reports)
            if (!wanted.Contains(kind))
            {
                reports.TryRemove(kind, out _);
                await informer.DisposeAsync();
            }
        foreach (var kind in wanted.Where(kind => !reports.ContainsKey(kind)))
            Begin(kind);
        (discoveryProblem, hasLooked) = (null, true);
        Volatile.Read(ref changed)();
    }

    private void Begin(ResourceKind kind)
    {
        Informer<DynamicObject, ReportFindings> informer = null!;
        informer = client.Dynamic(kind).Informer(new InformerOptions<DynamicObject, ReportFindings>
        {
            Project = kind.Group == ComplianceKinds.Constraints ? ConstraintReader.Of : ReportReader.Of,
            Unchanged = EqualityComparer<ReportFindings>.Default,
            Clock = clock,
            Jitter = jitter.Next,
            Failed = e =>
            {
                // The kind has gone, or is served in another version.
                if (e is KubeApiException { IsNotFound: true })
                    Ask();
                TellFailure(informer);
            },
        });
        reports[kind] = informer;
        informer.Subscribe(_ =>
        {
            if (informer.State.HasSynced)
                Volatile.Read(ref changed)();
        });
        informer.Start();
        _ = TellWhenSyncedAsync(informer);
    }

    private async Task TellWhenSyncedAsync(Informer<DynamicObject, ReportFindings> informer)
    {
        try
        {
            await informer.WaitForSyncAsync(CancellationToken.None);
            Volatile.Read(ref changed)();
        }
        catch (OperationCanceledException)
        {
            // It was stopped before.
        }
    }

    private void TellFailure<T, TItem>(Informer<T, TItem> informer) where T : class, IKubernetesObject
    {
        if (informer.State.Failures == FailuresShown)
            Volatile.Read(ref changed)();
    }

    private void Ask()
    {
        try
        {
            if (asked.CurrentCount == 0)
                asked.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else has asked at the same moment, or nobody needs it any more.
        }
    }
}
