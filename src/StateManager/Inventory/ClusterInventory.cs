using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Manifests;

namespace Fleet.StateManager.Inventory;

/// <summary>
/// What the followed releases of one cluster declare, from Helm's records, and what there is of it, from one watch per kind. A record is read once per
/// revision; watches begin when the first release has an object of their kind and end with the last. Reads answer from memory.
/// <see cref="FollowAsync"/> and <see cref="RenewAsync"/> are called within the turn of the cluster's grain only.
/// </summary>
/// <param name="changed">Told when an object of a followed release has changed, and for each release of a kind whose first list has been read.</param>
/// <param name="projection">See <see cref="ObjectProjection"/>.</param>
internal sealed class ClusterInventory(
    IKubernetesClient client, Action<ReleaseName> changed, ObjectProjection? projection, TimeProvider clock, IJitterSource jitter) : IAsyncDisposable
{
    /// <summary>Records that are read at once: a cluster with a hundred releases should not wait for them one by one.</summary>
    private const int RecordsAtOnce = 4;

    /// <summary>A record that cannot be read, or a kind that is not there, seldom comes within seconds.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ObjectKey, IReadOnlyCollection<ReleaseName>> followers = [];
    private readonly ConcurrentDictionary<ReleaseName, ReleaseInventory> releases = new();
    private readonly ConcurrentDictionary<ReleaseName, ReleaseFoundations> foundations = new();
    private readonly ConcurrentDictionary<ResourceKind, KindWatch> watches = new();
    private readonly SemaphoreSlim refreshing = new(1);
    private ImmutableHashSet<ReleaseName> followed = [];
    private ImmutableDictionary<(string Group, string Kind, ObjectKey Key), ReleaseName> owners =
        ImmutableDictionary<(string, string, ObjectKey), ReleaseName>.Empty;

    /// <summary>What a ServiceSet wants to be followed from now on. Several of them may follow the same release.</summary>
    /// <param name="deployed">Its releases with the revision that is deployed; 0 for one that is not, so that its objects are kept from their first moment.</param>
    /// <param name="laid">Their foundations, where these are known; of a release that is not named, those of before are followed on.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task FollowAsync(
        ObjectKey follower, IReadOnlyDictionary<ReleaseName, int> deployed, IReadOnlyDictionary<ReleaseName, IReadOnlyList<JsonObject>> laid, CancellationToken ct)
    {
        if (deployed.Count == 0)
            followers.Remove(follower);
        else
            followers[follower] = [.. deployed.Keys];
        var before = followed;
        followed = [.. followers.Values.SelectMany(r => r)];
        foreach (var gone in releases.Keys.Where(r => !followed.Contains(r)).ToList())
            releases.TryRemove(gone, out _);
        var newGround = await FollowFoundationsAsync(laid, ct);
        var unread = deployed.Where(d => d.Value > 0 && IsToBeRead(d.Key, d.Value)).ToList();
        await Parallel.ForEachAsync(
            unread, new ParallelOptions { MaxDegreeOfParallelism = RecordsAtOnce, CancellationToken = ct },
            async (d, stop) => releases[d.Key] = await ReadAsync(d.Key, d.Value, stop));
        if (unread.Count == 0 && before.SetEquals(followed) && newGround is null)
            return;
        await WatchAllAsync([.. followed.Except(before)], newGround ?? []);
    }

    public IReadOnlySet<ReleaseName> Followed => followed;

    /// <summary>Null until its record has been read.</summary>
    public ReleaseInventory? Of(ReleaseName release) => releases.GetValueOrDefault(release);

    /// <summary>How a revision was applied, which need not be the one that is followed: that of a failed upgrade says how the next one will.</summary>
    public async Task<bool> IsServerSideAppliedAsync(ReleaseName release, int revision, CancellationToken ct) =>
        (Of(release) is { Problem: null } known && known.Revision == revision ? known : await ReadAsync(release, revision, ct)).IsServerSideApplied;

    /// <summary>Every object of the release's latest known revision; empty until its record has been read. Objects of kinds that the cluster lacks are never known.</summary>
    public IReadOnlyList<WatchedObject> ObjectsOf(ReleaseName release) => Of(release) is { } inventory ? [.. inventory.Objects.Select(Watched)] : [];

    /// <summary>What was laid for the release, as far as its source was ever known.</summary>
    public IReadOnlyList<WatchedObject> FoundationsOf(ReleaseName release) =>
        foundations.TryGetValue(release, out var laid) ? [.. laid.Objects.Select(Watched)] : [];

    /// <summary>Why not everything of a release can be seen: its record, kinds that the cluster lacks or that may not be watched. Empty when all is well.</summary>
    public IReadOnlyList<string> ProblemsOf(ReleaseName release) => Of(release) is not { } inventory ? [] :
    [
        .. inventory.Problem is { } problem ? [problem] : Array.Empty<string>(),
        .. inventory.Objects.Concat(foundations.GetValueOrDefault(release)?.Objects ?? []).Select(o => o.Kind).OfType<ResourceKind>().Distinct()
            .Select(k => watches.TryGetValue(k, out var watch) ? watch.Problem : null).OfType<string>(),
    ];

    /// <summary>Why the objects of a kind were never seen; null when they were, or soon may be.</summary>
    public string? ProblemOf(ResourceKind kind) => watches.TryGetValue(kind, out var watch) && !watch.IsKnown ? watch.Problem : null;

    /// <summary>
    /// Reads a revision that Helm has just made, ahead of the next <see cref="FollowAsync"/>. Within the grain's turn, but several steps of it may do so at once.
    /// </summary>
    public async Task RefreshAsync(ReleaseName release, int revision, CancellationToken ct)
    {
        if (!followed.Contains(release) || !IsToBeRead(release, revision))
            return;
        var read = await ReadAsync(release, revision, ct);
        if (read.Problem is not null)
        {
            // Helm has just found every kind of the manifest: one that is missing was made by this very revision, after discovery was asked last.
            client.Discovery.Invalidate();
            read = await ReadAsync(release, revision, ct);
        }
        await refreshing.WaitAsync(ct);
        try
        {
            releases[release] = read;
            await WatchAllAsync([], []);
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>Reads all objects of a kind anew, so that <see cref="ObjectProjection"/> sees each of them again.</summary>
    public async Task RenewAsync(GroupVersionKind type)
    {
        foreach (var (kind, watch) in watches.Where(w => w.Key.GroupVersionKind == type).ToList())
            await BeginAsync(kind, watch.IsLabelled);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in watches.Values)
            await watch.DisposeAsync();
        watches.Clear();
        refreshing.Dispose();
    }

    private WatchedObject Watched(InventoryObject o) => o.Kind is { } kind && watches.TryGetValue(kind, out var watch)
        ? new WatchedObject(o, watch.IsKnown, watch.Find(o.Key))
        : new WatchedObject(o, false, null);

    /// <summary>Kinds with objects that no watch has kept so far; null when nothing has changed at all.</summary>
    private async Task<IReadOnlyCollection<ResourceKind>?> FollowFoundationsAsync(IReadOnlyDictionary<ReleaseName, IReadOnlyList<JsonObject>> laid, CancellationToken ct)
    {
        var fresh = new HashSet<ResourceKind>();
        var changed = false;
        foreach (var gone in foundations.Keys.Where(r => !followed.Contains(r) || (laid.TryGetValue(r, out var now) && now.Count == 0)).ToList())
            changed |= foundations.TryRemove(gone, out _);
        foreach (var (release, stated) in laid.Where(l => l.Value.Count > 0 && followed.Contains(l.Key)))
        {
            if (foundations.TryGetValue(release, out var known) && known.Are(stated))
                continue;
            var objects = new List<InventoryObject>(stated.Count);
            foreach (var manifest in stated.Select(FoundationLayer.Clean))
            {
                var type = GroupVersionKind.Parse(manifest["apiVersion"]?.ToString() ?? "", manifest["kind"]?.ToString() ?? "");
                var o = new InventoryObject(type, await client.FindKindAsync(type, ct), ObjectKey.Cluster(manifest["metadata"]?["name"]?.ToString() ?? ""), PackedJson.Of(manifest)) { IsFoundation = true };
                objects.Add(o);
                if (o.Kind is { } kind && !owners.ContainsKey(Id(o)))
                    fresh.Add(kind);
            }
            foundations[release] = new ReleaseFoundations(stated, objects);
            changed = true;
        }
        return changed ? fresh : null;
    }

    private bool IsToBeRead(ReleaseName release, int revision) =>
        Of(release) is not { } known || known.Revision != revision || (known.Problem is not null && clock.GetElapsedTime(known.ReadAt) >= TryAgainAfter);

    private async Task<ReleaseInventory> ReadAsync(ReleaseName release, int revision, CancellationToken ct)
    {
        try
        {
            var key = new ObjectKey(release.Namespace, string.Create(CultureInfo.InvariantCulture, $"sh.helm.release.v1.{release.Name}.v{revision}"));
            var secret = await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct);
            if ((string?)secret?.At("data", "release") is not { } encoded)
                return Unknown(release, revision, $"revision {revision} of release {release} has no record any more");
            var manifest = ReleaseManifest.Read(Convert.FromBase64String(encoded));
            return await PlaceAsync(release, revision, manifest, ct);
        }
        catch (Exception e) when (e is KubeApiException or InvalidDataException or FormatException)
        {
            return Unknown(release, revision, $"the record of release {release} cannot be read: {e.Message}");
        }
    }

    /// <summary>What was known before may be wrong now: an older revision is no measure for what is in the cluster.</summary>
    private ReleaseInventory Unknown(ReleaseName release, int revision, string problem) => new(release, revision, []) { Problem = problem, ReadAt = clock.GetTimestamp() };

    private async Task<ReleaseInventory> PlaceAsync(ReleaseName release, int revision, ReleaseManifest manifest, CancellationToken ct)
    {
        var objects = new List<InventoryObject>(manifest.Objects.Count);
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var declared in manifest.Objects)
        {
            var type = GroupVersionKind.Parse(declared["apiVersion"]?.ToString() ?? "", declared["kind"]?.ToString() ?? "");
            var kind = await client.FindKindAsync(type, ct);
            if (kind is null)
                missing.Add(type.ToString());
            HelmMetadata.Add(declared, release);
            var stated = declared["metadata"]!["namespace"]?.ToString();
            var ns = kind is { Namespaced: false } ? "" : string.IsNullOrEmpty(stated) ? release.Namespace : stated;
            objects.Add(new InventoryObject(type, kind, new ObjectKey(ns, declared["metadata"]!["name"]?.ToString() ?? ""), PackedJson.Of(declared)));
        }

        return new ReleaseInventory(release, revision, objects)
        {
            IsServerSideApplied = manifest.IsServerSideApplied,
            ReadAt = clock.GetTimestamp(),
            Problem = missing.Count == 0 ? null : $"the cluster has no kind {string.Join(", ", missing)}: these objects are not watched",
        };
    }

    /// <param name="newcomers">Releases whose objects watches may have passed over.</param>
    /// <param name="newGround">Kinds of foundations that watches have passed over.</param>
    private Task WatchAllAsync(IReadOnlyCollection<ReleaseName> newcomers, IReadOnlyCollection<ResourceKind> newGround)
    {
        var laid = foundations.SelectMany(f => f.Value.Objects.Where(o => o.Kind is not null).Select(o => (Object: o, Release: f.Key))).ToList();
        var objects = releases.Values.SelectMany(r => r.Objects.Where(o => o.Kind is not null).Select(o => (Object: o, r.Release))).Concat(laid).ToList();
        owners = objects.DistinctBy(o => Id(o.Object)).ToImmutableDictionary(o => Id(o.Object), o => o.Release);
        return WatchAsync([.. objects.Select(o => o.Object.Kind!)], [.. laid.Select(o => o.Object.Kind!)], newcomers, newGround);
    }

    private async Task WatchAsync(
        HashSet<ResourceKind> kinds, HashSet<ResourceKind> unlabelled, IReadOnlyCollection<ReleaseName> newcomers, IReadOnlyCollection<ResourceKind> newGround)
    {
        foreach (var (kind, watch) in watches.ToList())
        {
            if (!kinds.Contains(kind))
            {
                watches.TryRemove(kind, out _);
                await watch.DisposeAsync();
            }
            else if (watch.IsLabelled == unlabelled.Contains(kind) || newGround.Contains(kind) || newcomers.Any(watch.HasPassedOver))
            {
                await BeginAsync(kind, !unlabelled.Contains(kind));
            }
        }

        foreach (var kind in kinds.Where(k => !watches.ContainsKey(k)))
            await BeginAsync(kind, !unlabelled.Contains(kind));
    }

    private async Task BeginAsync(ResourceKind kind, bool isLabelled)
    {
        if (watches.TryRemove(kind, out var old))
            await old.DisposeAsync();
        watches[kind] = new KindWatch(client, kind, isLabelled, ReleaseOf, projection, changed, TellSynced, clock, jitter);
    }

    /// <summary>An object that lost Helm's annotations is still the release's.</summary>
    private ReleaseName? ReleaseOf(DynamicObject live)
    {
        if (HelmMetadata.ReleaseOf(live.Root) is { } release && followed.Contains(release))
            return release;
        var type = GroupVersionKind.Parse(live.ApiVersion ?? "", live.Kind ?? "");
        return owners.TryGetValue((type.Group, type.Kind, live.Key), out var owner) ? owner : null;
    }

    private void TellSynced(ResourceKind kind)
    {
        foreach (var release in releases.Values.Where(r => r.Objects.Any(o => o.Kind == kind)).Select(r => r.Release)
                     .Union(foundations.Where(f => f.Value.Objects.Any(o => o.Kind == kind)).Select(f => f.Key)))
            changed(release);
    }

    private static (string, string, ObjectKey) Id(InventoryObject o) => (o.Type.Group, o.Type.Kind, o.Key);
}
