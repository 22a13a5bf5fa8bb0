using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Api;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Problems;
using Fleet.StateManager.Api;
using Fleet.StateManager.Masking;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Previews;

/// <summary>What applying objects would change of services: worked out with the planners and sources of the reconcilers, and nothing is written.</summary>
internal sealed class ServiceDiffs(PreviewWorlds worlds, ServiceSources sources, ServiceReleases releases, ReleasePreviews previews)
{
    private const int ClustersAtOnce = 4;

    /// <summary>Each costs two processes of helm; the others are told without their objects.</summary>
    private const int MostManifests = 50;

    public async Task<ServiceDiffView> OfAsync(PostedObjects posted, bool withManifests, CancellationToken ct)
    {
        var world = await worlds.ReadAsync(posted, ct);
        var warnings = posted.Ignored.ToList();
        foreach (var template in posted.Templates.Where(template => worlds.HasTemplate(template.Metadata.Key)))
            warnings.Add($"ServiceTemplate {template.Metadata.Key} is there already, and its spec cannot change: a change of it would be refused");
        foreach (var chain in posted.Chains.Where(chain => worlds.HasChain(chain.Metadata.Key)))
            warnings.Add($"ServiceTemplateChain {chain.Metadata.Key} is there already, and its spec cannot change: a change of it would be refused");
        posted = posted with { Chains = [.. posted.Chains.Where(chain => !worlds.HasChain(chain.Metadata.Key))] };
        posted = posted with { Templates = [.. posted.Templates.Where(template => !worlds.HasTemplate(template.Metadata.Key))] };
        var targets = DiffTargets.Of(world, posted).Select(target => (Target: target, Changes: Changes(target, posted))).Where(pair => pair.Changes.Count > 0).ToList();
        var count = targets.Sum(pair => pair.Changes.Count);
        if (withManifests && count > MostManifests)
            warnings.Add($"{count} services change: objects are shown for the first {MostManifests} of them");
        var budget = withManifests ? MostManifests : 0;
        var clusters = new List<(ObjectKey Key, List<(DiffTarget Target, List<Change> Changes, int Manifests)> Parts)>();
        foreach (var group in targets.GroupBy(pair => pair.Target.Cluster))
        {
            var parts = new List<(DiffTarget, List<Change>, int)>();
            foreach (var (target, changes) in group)
            {
                parts.Add((target, changes, Math.Min(budget, changes.Count)));
                budget -= Math.Min(budget, changes.Count);
            }
            clusters.Add((group.Key, parts));
        }
        var views = new ClusterDiffView[clusters.Count];
        await Parallel.ForAsync(0, clusters.Count, new ParallelOptions { MaxDegreeOfParallelism = ClustersAtOnce, CancellationToken = ct },
            async (i, stop) => views[i] = await ClusterAsync(clusters[i].Key, clusters[i].Parts, world, posted, stop));
        views = [.. views.Where(view => view.Services.Count > 0)];
        return new() { HasChanges = views.Length > 0, Clusters = views, Warnings = warnings };
    }

    private sealed record Change(ServiceKey Key, PlacedService? Before, PlacedService? After, IReadOnlyList<string> Steps, IReadOnlyList<string> Notes)
    {
        /// <summary>Nothing of it is declared otherwise; what its values are taken from, or its templates read, may make a difference.</summary>
        public bool IsPossible { get; init; }
    }

    private List<Change> Changes(DiffTarget target, PostedObjects posted)
    {
        // What is there goes along the chains that are there.
        var before = PlacementPreview.Of(worlds.Facts(target, target.Before, posted with { Chains = [] }));
        var after = PlacementPreview.Of(worlds.Facts(target, target.After, posted));
        var old = before.Services.Where(IsInstalled).ToDictionary(ServiceKey.Of);
        var now = after.Services.Where(IsInstalled).ToDictionary(ServiceKey.Of);
        var blocked = after.Blocked.Where(wait => !before.Blocked.Contains(wait)).ToDictionary(wait => wait.Service, wait => wait.For);
        var changes = new List<Change>();
        foreach (var key in old.Keys.Concat(now.Keys).Concat(blocked.Keys).Distinct())
        {
            var (from, to) = (old.GetValueOrDefault(key), now.GetValueOrDefault(key));
            var comes = to is not null && posted.Templates.Any(template => template.Metadata.Name == to.Template);
            var isPatched = to is not null && target.ChangesPatches;
            // A service that cannot go where it is declared to be says so, though nothing of it changes.
            var problems = after.Problems.Where(problem => problem.Contains(key.ToString(), StringComparison.Ordinal) && !before.Problems.Contains(problem)).ToList();
            var isDeclared = comes || problems.Count > 0 || blocked.ContainsKey(key) || isPatched || Text(from) != Text(to);
            if (!isDeclared && (to is null || !(target.ReadsOtherwise || DiffTargets.TakesFrom(Hypothetical(target, [to]), posted))))
                continue;
            List<string> notes = [.. target.Notes, .. isPatched ? (string[])["provider.config.patches changes"] : []];
            if (blocked.TryGetValue(key, out var why))
                notes.Add($"waits for {why}");
            notes.AddRange(problems);
            var steps = after.Templates.GetValueOrDefault(key) is { Count: > 1 } several ? several : [];
            changes.Add(new(key, from, to, steps, notes) { IsPossible = !isDeclared });
        }
        return changes;
    }

    private async Task<ClusterDiffView> ClusterAsync(
        ObjectKey key, List<(DiffTarget Target, List<Change> Changes, int Manifests)> parts, PreviewWorld world, PostedObjects posted, CancellationToken ct)
    {
        var isNew = parts[0].Target.IsNew;
        var problem = isNew ? null : (await ServicePlans.TargetAsync(releases, key, ct)).Problem;
        var services = new List<ServiceChangeView>();
        foreach (var (target, changes, manifests) in parts)
        {
            var before = await SourcesAsync(target with { Provider = target.ProviderBefore ?? target.Provider }, changes.Select(change => change.Before), PostedSources.None, ct);
            var after = await SourcesAsync(target, changes.Select(change => change.After), posted.Sources, ct);
            for (var i = 0; i < changes.Count; i++)
            {
                var view = await ServiceAsync(target, changes[i], before[i], after[i], !isNew && problem is null, i < manifests, world, ct);
                if (!changes[i].IsPossible || view.Problem is not null || view.Values.Count + view.Created.Count + view.Changed.Count + view.Removed.Count > 0)
                    services.Add(view);
            }
        }
        return new() { Namespace = key.Namespace, Cluster = key.Name, New = isNew, Problem = problem, Services = services };
    }

    /// <summary>One for each of the services, null where there is none.</summary>
    private async Task<IReadOnlyList<ServiceSource?>> SourcesAsync(
        DiffTarget target, IEnumerable<PlacedService?> services, PostedSources posted, CancellationToken ct)
    {
        var all = services.ToList();
        var wanted = all.OfType<PlacedService>().ToList();
        var found = new Queue<ServiceSource>(wanted.Count == 0 ? [] : await sources.FindAsync(Hypothetical(target, wanted), target.Cluster, new(), ct, posted));
        return [.. all.Select(service => service is null ? null : found.Dequeue())];
    }

    private async Task<ServiceChangeView> ServiceAsync(
        DiffTarget target, Change change, ServiceSource? before, ServiceSource? after, bool isReachable, bool withManifest, PreviewWorld world, CancellationToken ct)
    {
        var release = new ReleaseName(change.Key.Namespace, change.Key.Name);
        var view = new ServiceChangeView
        {
            ServiceNamespace = release.Namespace,
            Name = release.Name,
            Source = target.Source,
            Change = change.After is null ? target.Leaves ? "Leave" : "Remove" : change.Before is null ? "Install" : "Upgrade",
            FromTemplate = change.Before?.Template,
            ToTemplate = change.After?.Template,
            Steps = change.Steps,
            Notes = [.. change.Notes, .. Notes(target, change, release, world)],
            Problem = (after as ServiceSource.Blocked)?.Message,
        };
        if (change.Before is null && change.After is null)
            return view with { Change = "Install" };
        if (after is ServiceSource.Found found)
            view = view with { Values = ServiceDifferences.OfValues(before as ServiceSource.Found, found) };
        if (!withManifest || target.Leaves || after is ServiceSource.Blocked)
            return view;
        try
        {
            return await WithObjectsAsync(view, target, release, before, after as ServiceSource.Found, isReachable, ct);
        }
        catch (ProblemException e)
        {
            return view with { Notes = [.. view.Notes, $"objects are not shown: {e.Message}"] };
        }
    }

    private async Task<ServiceChangeView> WithObjectsAsync(
        ServiceChangeView view, DiffTarget target, ReleaseName release, ServiceSource? before, ServiceSource.Found? after, bool isReachable, CancellationToken ct)
    {
        var recorded = isReachable ? await releases.ManifestAsync(target.Cluster, release, null, ct) : null;
        // What a cluster has that does not answer is not known; to show all objects as new would be wrong.
        if (!isReachable && before is not null)
            return view;
        var preview = after is null ? new([], true, null) : await previews.OfAsync(target.Cluster, isReachable, release, after, ct);
        if (preview.Objects is null)
            return view with { Problem = preview.Note };
        var old = recorded?.Manifest.Objects ?? [];
        IEnumerable<string> secrets = [.. (after?.Secrets ?? []), .. recorded is { } known ? RevisionSecrets.Of(before, known.Manifest) : []];
        var (created, changed, removed) = ServiceDifferences.OfObjects(old, preview.Objects, release.Namespace, secrets);
        return view with
        {
            Manifests = preview.IsFromServer ? "Server" : "Client",
            Notes = preview.Note is { } note && isReachable ? [.. view.Notes, $"rendered without the cluster: {note}"] : view.Notes,
            Created = created,
            Changed = changed,
            Removed = removed,
        };
    }

    private static IEnumerable<string> Notes(DiffTarget target, Change change, ReleaseName release, PreviewWorld world)
    {
        if (change.After is { } wanted)
        {
            var sets = world.SetsOf(target.Cluster).Where(set => set.Metadata.Name != target.SetName).Append(Hypothetical(target, [wanted]));
            if (ServiceSetIndex.OwnerOf(sets, release.Namespace, release.Name) is { } owner && owner.Metadata.Name != target.SetName)
                yield return $"release {release} is managed by ServiceSet {owner.Metadata.Name}, which goes first: nothing would change";
        }
        if (target.Set is not { } set)
            yield break;
        if (ServiceSetFactsReader.IsPaused(set.Metadata))
            yield return $"ServiceSet {set.Metadata.Name} is paused: nothing changes until it goes on";
        if (Holds.ServiceHolds.Of(set.Metadata).Of(release) is { } hold)
            yield return hold.IsOver(change.After) ? $"this ends that it is {hold.Text(change.Before).Split(':')[0]}" : hold.Text(change.After);
    }

    private static ServiceSet Hypothetical(DiffTarget target, List<PlacedService> services) => new()
    {
        Metadata = target.Set?.Metadata ?? new()
        {
            Name = target.SetName,
            Namespace = target.Cluster.Namespace,
            // As the set would have it: it decides what templates may read.
            OwnerReferences = target is { IsOfAdministrators: true, MultiClusterService: { } name }
                ? [new() { ApiVersion = FleetApi.ApiVersion, Kind = FleetKinds.MultiClusterServices.Kind.Kind, Name = name, Uid = "" }]
                : null,
        },
        Spec = new() { Cluster = target.Cluster.Name, MultiClusterService = target.MultiClusterService, Provider = target.Provider, Services = services },
        Status = target.Set?.Status,
    };

    private static bool IsInstalled(PlacedService service) => service.HelmAction != "Uninstall";

    private static string Text(PlacedService? service) =>
        service is null ? "" : Helm.Values.CanonicalValues.ToText(JsonSerializer.SerializeToNode(new ServiceSetSpec { Services = [service] }, ContractsJson.Default.ServiceSetSpec));
}
