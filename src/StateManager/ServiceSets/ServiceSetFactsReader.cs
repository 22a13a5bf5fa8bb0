using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Control.Reconciling;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Holds;
using Fleet.StateManager.Policies;
using Fleet.StateManager.Services;
using Fleet.StateManager.StateProviders;

namespace Fleet.StateManager.ServiceSets;

/// <summary>What was read, and the connection with which a plan can be carried out (null when there is none).</summary>
internal sealed record ServiceSetReading(ServiceSetFacts Facts, ConnectedCluster? Cluster, ServiceRetries Retries, DriftMemory Drift, TimeSpan? RetryConnectionAfter);

/// <summary>Does all the reading for a ServiceSet.</summary>
internal sealed class ServiceSetFactsReader(
    IKubernetesClient management, ServiceSources sources, PolicySource policies, TemplateContext context, ServiceSetIndex sets, StateProviderIndex providers,
    TargetClusters targets, DriftFactsReader drift, IJitterSource jitter)
{
    /// <summary>A service that fails is tried again after ten seconds, then ever more rarely, but never less than every five minutes.</summary>
    internal static readonly Backoff ServiceBackoff = new() { First = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(5) };

    /// <summary>Null when there is no such ServiceSet.</summary>
    public async Task<ServiceSetReading?> ReadAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.ServiceSets).GetAsync(request.Key, ct) is not { } set)
            return null;
        var memory = request.Grain.Part(() => new DriftMemory(jitter));
        var retries = request.Grain.Part(() => new ServiceRetries(ServiceBackoff, jitter));
        var memories = request.Grain.Part(() => new RenderMemories()).Of(set.Metadata.Key);
        var cluster = ServiceSetIndex.ClusterOf(set);
        if (!providers.IsOurs(set.Spec))
        {
            // It may have been ours before: what another looks after is not watched for it.
            if (targets.Known(cluster, request.Grain) is { } known)
                await known.View.Inventory.FollowAsync(request.Key, Nothing, NothingLaid, ct);
            return new ServiceSetReading(Foreign(set), null, retries, memory, null);
        }
        var (target, connected, retryAfter) = await targets.FindAsync(cluster, request.Grain, ct);
        var facts = await FactsAsync(set, cluster, target, memories, ct);
        if (connected is not null)
            await connected.View.Inventory.FollowAsync(
                request.Key, facts.IsDeleting ? Nothing : Followed(facts.Services.Select(service => service.Wanted).OfType<PlacedService>(), connected.View), Laid(facts), ct);
        // Seen only now: what is followed from here on counts as well.
        facts = facts with { Services = [.. facts.Services.Select(service => Observe(service, connected?.View, retries))] };
        if (connected is not null && facts is { IsPaused: false, IsDeleting: false })
            facts = facts with { Services = await drift.ReadAsync(facts, connected, memory, ct) };
        return new ServiceSetReading(facts, connected, retries, memory, retryAfter);
    }

    /// <summary>
    /// What a reconcile would see of a set, which may be one that nobody has written yet: for previews. Whoever asks has read the releases, has no part in the
    /// grain and does not keep it waiting.
    /// </summary>
    public async Task<ServiceSetFacts> PreviewAsync(
        ServiceSet set, TargetCluster target, IReadOnlyDictionary<ReleaseName, ReleaseRecord> records, CancellationToken ct)
    {
        var facts = await FactsAsync(set, ServiceSetIndex.ClusterOf(set), target, new(), ct);
        return facts with { Services = [.. facts.Services.Select(service => service with { Record = records.TryGetValue(service.Release, out var record) ? record : null })] };
    }

    private async Task<ServiceSetFacts> FactsAsync(
        ServiceSet set, ObjectKey cluster, TargetCluster target, SetMemory memories, CancellationToken ct)
    {
        if (!providers.IsOurs(set.Spec))
            return Foreign(set);
        var isReachable = target.State == TargetState.Reachable;
        var isDeleting = set.Metadata.IsBeingDeleted;
        var wanted = set.Spec.Services ?? [];
        IReadOnlyList<ServiceSource> found = isDeleting || !isReachable
            ? [.. wanted.Select(_ => new ServiceSource.Blocked("", false))]
            : await sources.FindAsync(set, cluster, memories, ct);
        var others = sets.OfCluster(cluster);
        var manifests = await ManifestsAsync(set, cluster, isReachable, memories, ct);
        var holds = ServiceHolds.Of(set.Metadata);
        var owner = HealthRuleOwner.Of(set.Metadata);
        var services = wanted
            .Select((service, i) => Service(set, service, found[i], others))
            .Concat(manifests is null ? [] : [manifests])
            .Concat(Leftovers(set, manifests, others))
            .Select(service => service with { Hold = holds.Of(service.Release), Owner = owner });
        return new ServiceSetFacts
        {
            Object = set,
            Target = target,
            Services = [.. services],
            IsPaused = IsPaused(set.Metadata) || providers.IsSuspended(set.Spec),
            IsSuspended = providers.IsSuspended(set.Spec),
            Settings = DriftSettings.Of(set.Spec.Provider?.Config),
            ClusterGoes = isDeleting && await ClusterGoesAsync(set, cluster, ct),
            IsOrphan = string.Equals(set.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.DeletionPolicy), "Orphan", StringComparison.OrdinalIgnoreCase),
            HasFinalizer = HasFinalizer(set.Metadata),
        };
    }

    private static ServiceSetFacts Foreign(ServiceSet set) => new()
    {
        Object = set,
        Target = new TargetCluster(TargetState.NotYet, ""),
        Services = [],
        IsPaused = false,
        IsForeign = true,
        HasFinalizer = HasFinalizer(set.Metadata),
    };

    private static bool HasFinalizer(ObjectMeta set) => set.Finalizers?.Contains(FleetFinalizers.ServiceSet) == true;

    private static readonly Dictionary<ReleaseName, int> Nothing = [];

    private static readonly Dictionary<ReleaseName, IReadOnlyList<JsonObject>> NothingLaid = [];

    /// <summary>Also what another ServiceSet owns: it costs nothing twice, and the owner may go.</summary>
    private static Dictionary<ReleaseName, int> Followed(IEnumerable<PlacedService> wanted, ClusterView view) => wanted
        .Select(service => new ReleaseName(ServiceSetIndex.NamespaceOf(service), service.Name))
        .Distinct()
        .ToDictionary(release => release, release => view.Find(release) is { State: ReleaseState.Deployed } record ? record.Revision : 0);

    /// <summary>Nobody looks for drift of what is installed once.</summary>
    private static Dictionary<ReleaseName, IReadOnlyList<JsonObject>> Laid(ServiceSetFacts facts) => facts.Services
        .Where(service => service is { Wanted: not null, OwnedBy: null, Source: ServiceSource.Found })
        .DistinctBy(service => service.Release)
        .ToDictionary(service => service.Release, service => facts.Settings.LooksForDrift ? ((ServiceSource.Found)service.Source).Foundations : []);

    /// <summary>The manifests of policyRefs, as one more service. While nothing can be told of them, what was installed stays.</summary>
    private async Task<ServiceFacts?> ManifestsAsync(ServiceSet set, ObjectKey cluster, bool isReachable, SetMemory memory, CancellationToken ct)
    {
        if (set.Metadata.IsBeingDeleted || (!isReachable && set.Status?.Services?.Exists(PolicyRelease.Is) != true))
            return null;
        var source = isReachable
            ? await policies.FindAsync(set, cluster, memory, ct)
            : new ServiceSource.Blocked("", false);
        return source is null ? null : Service(set, PolicyRelease.Of(set.Metadata.Key), source, []) with { Type = ServiceTypes.Resource };
    }

    /// <summary>A cluster with machines of its own takes its credentials along; one that was adopted stays, and must lose them.</summary>
    private async Task<bool> ClusterGoesAsync(ServiceSet set, ObjectKey cluster, CancellationToken ct)
    {
        if (set.Status?.Services?.Exists(PolicyRelease.Is) != true || await management.Resource(FleetKinds.ClusterDeployments).GetAsync(cluster, ct) is not { Metadata.IsBeingDeleted: true })
            return false;
        try
        {
            return await context.FindClusterAsync(cluster, ct) is not null;
        }
        catch (RegionNotReachableException)
        {
            // Its region has it, or had it: a cluster with machines in any case.
            return true;
        }
    }

    /// <summary>Present means paused, as upstream has it; "false" is what somebody writes who wants it to go on.</summary>
    public static bool IsPaused(ObjectMeta set) =>
        set.Annotations?.TryGetValue(FleetLabels.ServiceSetPaused, out var paused) == true && !string.Equals(paused, "false", StringComparison.OrdinalIgnoreCase);

    private static ServiceFacts Service(
        CustomResource<ServiceSetSpec, ServiceSetStatus> set, PlacedService wanted, ServiceSource source,
        IReadOnlyList<CustomResource<ServiceSetSpec, ServiceSetStatus>> others)
    {
        var release = new ReleaseName(ServiceSetIndex.NamespaceOf(wanted), wanted.Name);
        var last = set.Status?.Services?.Find(s => s.Name == release.Name && s.Namespace == release.Namespace);
        return new ServiceFacts
        {
            Release = release,
            Wanted = wanted,
            Last = last,
            Source = source,
            Type = source.Type ?? last?.Type ?? ServiceTypes.Helm,
            OwnedBy = OtherOwner(set, others, release),
        };
    }

    private static IEnumerable<ServiceFacts> Leftovers(
        CustomResource<ServiceSetSpec, ServiceSetStatus> set, ServiceFacts? manifests, IReadOnlyList<CustomResource<ServiceSetSpec, ServiceSetStatus>> others)
    {
        var wanted = (set.Spec.Services ?? []).Select(s => (ServiceSetIndex.NamespaceOf(s), s.Name)).ToHashSet();
        if (manifests is not null)
            wanted.Add((manifests.Release.Namespace, manifests.Release.Name));
        return (set.Status?.Services ?? [])
            .Where(s => !wanted.Contains((s.Namespace, s.Name)))
            .Select(s => (Last: s, Release: new ReleaseName(s.Namespace, s.Name)))
            .Select(pair => new ServiceFacts
            {
                Release = pair.Release,
                Type = pair.Last.Type,
                Last = pair.Last,
                OwnedBy = OtherOwner(set, others, pair.Release),
            });
    }

    private static string? OtherOwner(
        CustomResource<ServiceSetSpec, ServiceSetStatus> set, IReadOnlyList<CustomResource<ServiceSetSpec, ServiceSetStatus>> others, ReleaseName release) =>
        ServiceSetIndex.OwnerOf(others, release.Namespace, release.Name) is { } owner && owner.Metadata.Name != set.Metadata.Name
            ? owner.Metadata.Name
            : null;

    private static ServiceFacts Observe(ServiceFacts service, ClusterView? view, ServiceRetries retries) => service with
    {
        Record = view?.Find(service.Release),
        Health = view?.HealthOf(service.Release, service.Owner) ?? Health.ReleaseHealth.Healthy,
        Attempts = retries.Of(service.Release),
    };
}
