using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Backup.Postgres;
using Fleet.Backup.Snapshots;
using Fleet.Kubernetes.Objects;

namespace Fleet.Backup.Restores;

/// <summary>
/// Brings an archive back into a cluster that is empty or alive. The archive is verified to its end before anything is written. Objects are created in order, with what
/// controllers would act on held; only when everything is there are owners linked and pauses taken off. A restore that was killed is run again and goes on.
/// </summary>
public sealed class ManagementRestore(ArchiveReader archive, RestoreOptions options, TimeProvider clock)
{
    private const int Batch = 256;

    private readonly RestoreIndex index = new() { RestoredAt = clock.GetUtcNow() };
    private readonly ConcurrentDictionary<RestoreEntry, RestoredObject> outcomes = new();
    private readonly List<RestoredObject> definitions = [];

    private IReadOnlyList<ArchivePart> Parts => [.. archive.Manifest.Parts.Where(part => part.Region == options.Region)];

    /// <exception cref="ArchiveException">The archive is not whole; nothing was written.</exception>
    public async Task<RestoreReport> RunAsync(IProgress<RestoreProgress>? progress, CancellationToken ct)
    {
        if (options.Region is { } region && Parts.Count == 0)
            throw new FormatException($"The backup holds nothing of a Region {region}.");
        var last = archive.Manifest.Parts.Count > 0 ? archive.Manifest.Parts[^1] : null;
        var bytes = last is null ? 0 : last.Offset + last.StoredSize;
        await archive.VerifyAsync(progress is null ? null : new Verified(progress, bytes), ct);

        await IndexAsync(ct);
        await RestoreDefinitionsAsync(ct);
        var loaded = await RestoreDatabaseAsync(ct);
        var restorer = new ObjectRestorer(options, index, archive.Manifest.Id, await options.Client.Discovery.AllAsync(ct), clock);
        var steps = index.Arrange();
        await CreateAsync(restorer, steps, progress, ct);
        var paused = options.DryRun ? [] : await FinishAsync(restorer, steps, progress, ct);
        return Report(paused, loaded);
    }

    private async Task IndexAsync(CancellationToken ct)
    {
        var releases = new Dictionary<RestoreEntry, string>();
        foreach (var (number, part) in Parts.Index().Where(row => row.Item.Content == PartContent.Objects))
        {
            await EachAsync(part, item =>
            {
                var entry = index.Add(part.Kind!, number, new(item));
                if (RestoreSelection.ReleaseOwnerOf(item) is { } owner)
                    releases[entry] = owner;
                return Task.CompletedTask;
            }, ct);
        }

        RestoreSelection.Exclude(index, releases, options.Only);
    }

    private async Task RestoreDefinitionsAsync(CancellationToken ct)
    {
        var restorer = new DefinitionRestorer(options, clock);
        var kinds = new List<(string, string)>();
        var needed = index.Entries.Where(entry => entry.Excluded is null).Select(entry => (entry.Kind.Group, entry.Kind.Plural)).ToHashSet();
        foreach (var part in Parts.Where(part => part.Content == PartContent.Definitions))
        {
            await EachAsync(part, async item =>
            {
                var kind = ((string?)item["spec"]?["group"] ?? "", (string?)item["spec"]?["names"]?["plural"] ?? "");
                if (options.Only.Count > 0 && !needed.Contains(kind))
                    return;
                var restored = await restorer.RestoreAsync(part.Kind!, item, ct);
                definitions.Add(restored);
                if (restored.Outcome == RestoreOutcome.Created)
                    kinds.Add(kind);
            }, ct);
        }

        if (!options.DryRun)
            await restorer.WaitServedAsync(kinds, ct);
    }

    private async Task<bool> RestoreDatabaseAsync(CancellationToken ct)
    {
        if (options.Postgres is not { } postgres || archive.Manifest.Find(ManagementSnapshot.PostgresPart) is not { } part || options.DryRun)
            return false;
        await archive.ReadAsync(part, content => PostgresTools.LoadAsync(PostgresConnection.Parse(postgres), content, ct), ct);
        return true;
    }

    private async Task CreateAsync(ObjectRestorer restorer, IReadOnlyList<RestoreStep> steps, IProgress<RestoreProgress>? progress, CancellationToken ct)
    {
        long done = 0;
        foreach (var step in steps)
        {
            await EachOfAsync(step, async (entry, item) =>
            {
                outcomes[entry] = await restorer.CreateAsync(entry, item, ct);
                progress?.Report(new("restored", Interlocked.Increment(ref done), index.Entries.Count));
            }, ct);
        }
    }

    /// <summary>What is held is let go last, and only where nothing is lacking: a Cluster that goes on without one of its Machines or Secrets makes new ones.</summary>
    /// <returns>What stays paused.</returns>
    private async Task<IReadOnlyList<string>> FinishAsync(ObjectRestorer restorer, IReadOnlyList<RestoreStep> steps, IProgress<RestoreProgress>? progress, CancellationToken ct)
    {
        long done = 0;
        if (options.BeforeFinish is { } before)
        {
            if (Lacking().Count > 0)
                return Held(Lacking());
            await before(ct);
        }

        foreach (var held in (bool[])[false, true])
        {
            // ClusterDeployments after Clusters, as they were created.
            foreach (var step in steps)
            {
                var paused = Lacking();
                await EachOfAsync(step, async (entry, item) =>
                {
                    if (RestoreManifest.IsHeld(entry) != held || (held && paused.Contains(entry.Key.Namespace)))
                        return;
                    await restorer.FinishAsync(entry, item, stayPaused: false, ct);
                    progress?.Report(new("finished", Interlocked.Increment(ref done), index.Entries.Count));
                }, ct);
            }
        }

        return Held(Lacking());
    }

    private IReadOnlyList<string> Held(HashSet<string> lacking) =>
        [.. index.Entries.Where(entry => entry.IsOurs && RestoreManifest.IsHeld(entry) && lacking.Contains(entry.Key.Namespace)).Select(entry => entry.ToString()).Order(StringComparer.Ordinal)];

    private HashSet<string> Lacking() =>
        index.Entries.Where(entry => entry.Failure is not null).Select(entry => entry.Key.Namespace).ToHashSet(StringComparer.Ordinal);

    private async Task EachOfAsync(RestoreStep step, Func<RestoreEntry, JsonObject, Task> act, CancellationToken ct)
    {
        var places = index.Entries.Where(entry => entry.Step.CompareTo(step) == 0).Select(entry => entry.Part).ToHashSet();
        foreach (var (number, part) in Parts.Index().Where(row => places.Contains(row.Index)))
        {
            var batch = new List<(RestoreEntry, JsonObject)>();
            await EachAsync(part, async item =>
            {
                // An object that a referred part repeats is that of the later part.
                if (index.Find(part.Kind!, new DynamicObject(item).Key) is { } entry && entry.Part == number && entry.Step.CompareTo(step) == 0)
                    batch.Add((entry, item));
                if (batch.Count == Batch)
                    await FlushAsync(batch, act, ct);
            }, ct);
            await FlushAsync(batch, act, ct);
        }
    }

    private async Task FlushAsync(List<(RestoreEntry, JsonObject)> batch, Func<RestoreEntry, JsonObject, Task> act, CancellationToken ct)
    {
        await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = ct }, async (row, _) => await act(row.Item1, row.Item2));
        batch.Clear();
    }

    private Task EachAsync(ArchivePart part, Func<JsonObject, Task> act, CancellationToken ct) => archive.ReadAsync(part, async content =>
    {
        using var lines = new StreamReader(content, leaveOpen: true);
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            if (line.Length == 0)
                continue;
            JsonObject item;
            try
            {
                item = JsonNode.Parse(line) as JsonObject ?? throw new JsonException("it is no object");
            }
            catch (JsonException e)
            {
                throw ArchiveException.Damaged(part.Name, "a line of it is no object", e);
            }

            await act(item);
        }
    }, ct);

    private RestoreReport Report(IReadOnlyList<string> paused, bool loaded)
    {
        var objects = outcomes.Select(row => row.Key.Failure is { } why && row.Value.Outcome != RestoreOutcome.Failed ? row.Value with { Outcome = RestoreOutcome.Failed, Why = why } : row.Value);
        return new(archive.Manifest.Id, options.DryRun, [.. definitions, .. objects.OrderBy(row => row.Kind.Kind, StringComparer.Ordinal).ThenBy(row => row.Key)])
        {
            StillPaused = paused, DatabaseRestored = loaded,
        };
    }

    private sealed class Verified(IProgress<RestoreProgress> progress, long total) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new(RestoreProgress.Verified, value, total));
    }
}
