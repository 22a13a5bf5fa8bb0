using Fleet.Backup.Archives;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Snapshots;

/// <summary>
/// Writes the objects of one cluster, the management cluster or that of a Region, into an archive. All kinds are listed at one version, page by page: of an upgrade that is under way
/// either all objects are as before or none. What others refer to is read after them, so that it is never older than who names it.
/// </summary>
internal sealed class ClusterSnapshot(IKubernetesClient client, ArchiveWriter archive, SnapshotOptions options, string? region, IProgress<SnapshotProgress>? progress)
{
    /// <summary>A reference leads to an identity, that to a Secret; nothing known goes further.</summary>
    private const int MostRounds = 8;

    private const string Referred = "referred/";

    private static readonly string[] RightsGroups = ["rbac.authorization.k8s.io"];

    private readonly SnapshotLedger ledger = new(options.SystemNamespaces[0]);
    private readonly List<string> missing = [];
    private string? moment;
    private long objects;
    private int kinds;
    private int written;

    /// <summary>Kinds that had to be read as they were by then, since the server no longer knew the moment of the others.</summary>
    public List<string> Later { get; } = [];

    /// <returns>What was referred to and not there.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(CancellationToken ct)
    {
        client.Discovery.Invalidate();
        var served = await client.Discovery.AllAsync(ct);
        var all = await client.Dynamic(CoreKinds.Definitions).ListAsync(new() { PageSize = options.PageSize }, ct);
        (var definitions, moment) = (all.Items, all.ResourceVersion);
        var providerGroups = definitions.Select(SnapshotScope.ProviderGroupOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var (rows, rights) = (SnapshotScope.Of(served, providerGroups).ToList(), RightsOf(served));
        // Definitions, Secrets, ConfigMaps and Namespaces beside them.
        kinds = rows.Count + rights.Count + 4;
        await WriteDefinitionsAsync(definitions, providerGroups, ct);
        foreach (var row in rows)
            await WriteKindAsync(row.Kind, [null], null, ct);
        foreach (var row in rights)
            await WriteKindAsync(row.Kind, [null], $"{FleetLabels.Managed}=true", ct);

        string[] homes = [.. ledger.Namespaces, .. await PresentAsync(options.SystemNamespaces.Where(name => !ledger.Namespaces.Contains(name)), ct)];
        await WriteKindAsync(CoreKinds.Secrets, homes, null, ct);
        await WriteKindAsync(CoreKinds.ConfigMaps, homes, null, ct);
        await WriteReferredAsync(ct);
        await WriteNamespacesAsync(ct);
        return missing;
    }

    private Task WriteDefinitionsAsync(IReadOnlyList<DynamicObject> definitions, HashSet<string> providerGroups, CancellationToken ct) => PartAsync(
        "definitions", PartContent.Definitions, CoreKinds.Definitions,
        async lines =>
        {
            foreach (var definition in definitions.Where(item => SnapshotScope.Holds((string?)item.At("spec", "group") ?? "", providerGroups)))
                await lines.WriteAsync(definition, ct);
        },
        ct);

    /// <summary>Of which only what Fleet made is taken: other rights are their makers' to bring back.</summary>
    private static List<ApiResource> RightsOf(IReadOnlyList<ApiResource> served) =>
    [
        .. served.Where(row => RightsGroups.Contains(row.Kind.Group) || row.Kind is { Group: "", Kind: "ServiceAccount" })
            .Where(row => row.Verbs.Contains("list") && row.Verbs.Contains("create")).DistinctBy(row => (row.Kind.Group, row.Kind.Plural)),
    ];

    private Task WriteKindAsync(ResourceKind kind, IReadOnlyList<string?> homes, string? selector, CancellationToken ct) => PartAsync(
        $"objects/{NameOf(kind)}", PartContent.Objects, kind,
        async lines =>
        {
            foreach (var home in homes)
                await WriteListAsync(kind, new() { Namespace = home, LabelSelector = selector, PageSize = options.PageSize }, lines, ct);
        },
        ct);

    private async Task WriteListAsync(ResourceKind kind, ListOptions list, ObjectLines lines, CancellationToken ct)
    {
        string? next = null;
        list = list with { ExactVersion = moment };
        for (var expired = 0; ;)
        {
            ObjectPage<DynamicObject> page;
            try
            {
                // Expired twice, it is too long for its pages: it is asked for as a whole.
                page = await client.Dynamic(kind).PageAsync(expired < 2 ? list : list with { PageSize = 0 }, next, ct);
            }
            catch (KubeApiException e) when (e.IsGone && (next is not null || list.ExactVersion is not null))
            {
                // The snapshot behind the token is gone, or the moment of all kinds: this one is read as it is now, and what was written already is passed over by the ledger.
                expired += next is null ? 0 : 1;
                (next, list) = (null, list with { ExactVersion = null });
                if (!Later.Contains(kind.Plural))
                    Later.Add(kind.Plural);
                continue;
            }

            foreach (var item in page.Items.Where(item => !SnapshotScope.IsMadeByCluster(item) && ledger.Take(kind, item)))
                await lines.WriteAsync(item, ct);
            if (page.Next is null)
                return;
            next = page.Next;
        }
    }

    private async Task WriteReferredAsync(CancellationToken ct)
    {
        for (var round = 1; round <= MostRounds && ledger.Outstanding() is { Count: > 0 } outstanding; round++)
        {
            var found = new List<(ResourceKind Kind, DynamicObject Object)>();
            foreach (var (named, by) in outstanding)
            {
                var (kind, item) = await ReadAsync(named, ct);
                if (kind is not null && item is not null && !ledger.HasTaken(kind, item.Key) && !SnapshotScope.IsMadeByCluster(item))
                    found.Add((kind, item));
                else if (item is null && named.Sure && !ledger.HasNamed(named))
                    missing.Add($"{named}, which {by} names");
            }

            foreach (var group in found.GroupBy(entry => entry.Kind))
            {
                await PartAsync($"{Referred}{round}/{NameOf(group.Key)}", PartContent.Objects, group.Key, async lines =>
                {
                    foreach (var (kind, item) in group.DistinctBy(entry => entry.Object.Key))
                    {
                        ledger.Found(kind, item);
                        await lines.WriteAsync(item, ct);
                    }
                }, ct);
            }
        }
    }

    private async Task<(ResourceKind?, DynamicObject?)> ReadAsync(NamedObject named, CancellationToken ct)
    {
        var kind = named switch
        {
            { Group: "", Kind: "Secret" } => CoreKinds.Secrets,
            { Group: "", Kind: "ConfigMap" } => CoreKinds.ConfigMaps,
            { Version: "" } => (await client.Discovery.AllAsync(ct)).FirstOrDefault(row => row.Kind.Group == named.Group && row.Kind.Kind == named.Kind)?.Kind,
            _ => (await client.Discovery.AllAsync(ct)).FirstOrDefault(row => row.Kind.Group == named.Group && row.Kind.Kind == named.Kind && row.Kind.Version == named.Version)?.Kind
                ?? (await client.Discovery.AllAsync(ct)).FirstOrDefault(row => row.Kind.Group == named.Group && row.Kind.Kind == named.Kind)?.Kind,
        };
        // What other controllers made (a Deployment that owns something, say) is theirs; of the core only what holds settings is taken.
        if (kind is null || kind is { Group: "", Kind: not ("Secret" or "ConfigMap") } || kind.Group is "apps" or "batch" || RightsGroups.Contains(kind.Group))
            return (null, null);
        return (kind, await client.Dynamic(kind).GetAsync(kind.Namespaced ? named.Key : ObjectKey.Cluster(named.Key.Name), ct));
    }

    private async Task WriteNamespacesAsync(CancellationToken ct)
    {
        var all = (await client.Dynamic(CoreKinds.Namespaces).ListAsync(new() { PageSize = options.PageSize }, ct)).Items;
        await PartAsync("namespaces", PartContent.Objects, CoreKinds.Namespaces, async lines =>
        {
            foreach (var item in all.Where(item => ledger.Namespaces.Contains(item.Key.Name)))
                await lines.WriteAsync(item, ct);
        }, ct);
    }

    private async Task<List<string>> PresentAsync(IEnumerable<string> names, CancellationToken ct)
    {
        var present = new List<string>();
        foreach (var name in names)
        {
            if (await client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster(name), ct) is not null)
                present.Add(name);
        }

        return present;
    }

    private async Task PartAsync(string name, PartContent content, ResourceKind kind, Func<ObjectLines, Task> write, CancellationToken ct)
    {
        var description = new PartDescription(region is null ? name : $"regions/{region}/{name}", content)
        {
            Kind = new(kind.Group, kind.Version, kind.Kind, kind.Plural, kind.Namespaced), Region = region,
        };
        var part = region is null
            ? await archive.WriteAsync(description, stream => LinesAsync(stream, write), ct)
            : await WholeAsync(description, write, ct);
        objects += part.Objects;
        written += name.StartsWith(Referred, StringComparison.Ordinal) ? 0 : 1;
        progress?.Report(new(part.Name, written, kinds, objects, region));
    }

    /// <summary>A region that goes away in the middle of a kind must not spoil the archive of all others: its lists are whole before a byte of them is written.</summary>
    private async Task<ArchivePart> WholeAsync(PartDescription description, Func<ObjectLines, Task> write, CancellationToken ct)
    {
        using var whole = new MemoryStream();
        var count = await LinesAsync(whole, write);
        return await archive.WriteAsync(description, async stream =>
        {
            await stream.WriteAsync(whole.GetBuffer().AsMemory(0, (int)whole.Length), ct);
            return count;
        }, ct);
    }

    private static async Task<int> LinesAsync(Stream stream, Func<ObjectLines, Task> write)
    {
        var lines = new ObjectLines(stream);
        await write(lines);
        return lines.Count;
    }

    private static string NameOf(ResourceKind kind) => $"{(kind.Group.Length == 0 ? "core" : kind.Group)}/{kind.Plural}";
}
