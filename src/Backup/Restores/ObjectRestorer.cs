using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Kubernetes.Discovery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Restores;

/// <summary>Restores single objects. Every call may be repeated, also by another process after this one was killed.</summary>
internal sealed class ObjectRestorer(RestoreOptions options, RestoreIndex index, string archive, IReadOnlyList<ApiResource> served, TimeProvider clock)
{
    public const string FieldManager = "fleet-restore";

    private const int Tries = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly IKubernetesClient client = options.Client;

    /// <summary>The first half: the object is there with its status, and held where it must be.</summary>
    public async Task<RestoredObject> CreateAsync(RestoreEntry entry, JsonObject saved, CancellationToken ct)
    {
        if (entry.Excluded is { } reason)
            return await NoteAsync(entry, reason, ct);
        try
        {
            if (LostOwner(entry) is { } lost)
                throw new RestoreException($"its owner {lost} could not be restored");
            var row = RowOf(entry.Kind) ?? throw new RestoreException($"the cluster does not serve {entry.Kind.Kind} of {entry.Kind.Group}");
            return await RetryAsync(() => CreateAsync(entry, saved, row, ct), ct);
        }
        catch (Exception e) when (e is RestoreException || (e is KubeApiException api && !api.IsTransient))
        {
            entry.Failure = e.Message;
            return new(entry.Kind, entry.Key, RestoreOutcome.Failed, e.Message);
        }
    }

    /// <summary>The second half: owners, marks and pauses. Objects that are not of this restore are left alone.</summary>
    public async Task FinishAsync(RestoreEntry entry, JsonObject saved, bool stayPaused, CancellationToken ct)
    {
        if (!entry.IsOurs || entry.Failure is not null || RowOf(entry.Kind) is not { } row)
            return;
        try
        {
            await RetryAsync(async () =>
            {
                var live = await client.Dynamic(row.Kind).GetAsync(entry.Key, ct);
                if (live is null || live.Metadata.Uid != entry.NewUid)
                    return false;
                var patch = RestoreManifest.ToFinish(entry, saved, live, index, stayPaused, options.ServicesFollowClusters);
                await client.Dynamic(row.Kind).PatchAsync(entry.Key, Patch.Merge(patch), new() { FieldManager = FieldManager }, ct);
                return true;
            }, ct);
        }
        catch (KubeApiException e) when (!e.IsTransient)
        {
            entry.Failure = $"it was made, and could not be finished: {e.Message}";
        }
    }

    private async Task<RestoredObject> CreateAsync(RestoreEntry entry, JsonObject saved, ApiResource row, CancellationToken ct)
    {
        var resource = client.Dynamic(row.Kind);
        var live = await resource.GetAsync(entry.Key, ct);
        if (live is not null)
            return await MeetAsync(entry, saved, live, row, ct);
        if (options.FinishOnly)
            return new(entry.Kind, entry.Key, RestoreOutcome.Skipped, "it was there and is gone");
        if (options.DryRun)
            return new(entry.Kind, entry.Key, RestoreOutcome.Created, NoteOf(saved));
        var body = RestoreManifest.ToCreate(entry, saved, index, archive);
        body["apiVersion"] = row.Kind.ApiVersion;
        var made = await resource.CreateAsync(new(body), FieldManager, ct);
        (entry.NewUid, entry.IsOurs) = (made.Metadata.Uid, true);
        await RestoreStatusAsync(entry, saved, made, row, ct);
        return new(entry.Kind, entry.Key, RestoreOutcome.Created, NoteOf(saved));
    }

    private async Task<RestoredObject> MeetAsync(RestoreEntry entry, JsonObject saved, DynamicObject live, ApiResource row, CancellationToken ct)
    {
        entry.NewUid = live.Metadata.Uid;
        if (live.Metadata.Annotations?.GetValueOrDefault(RestoreManifest.Mark) == archive)
        {
            entry.IsOurs = true;
            if (!options.DryRun)
                await RestoreStatusAsync(entry, saved, live, row, ct);
            return new(entry.Kind, entry.Key, RestoreOutcome.Resumed);
        }

        if (RestoreManifest.HasSameSpec(saved, live))
            return new(entry.Kind, entry.Key, RestoreOutcome.Present);
        if (options.Existing == ExistingObjects.Keep || entry.Kind is { Group: "", Kind: "Namespace" })
            return new(entry.Kind, entry.Key, RestoreOutcome.Kept, "it is there and differs from the backup");
        if (!options.DryRun)
            await ReplaceAsync(entry, saved, live, row, ct);
        return new(entry.Kind, entry.Key, RestoreOutcome.Replaced);
    }

    private async Task ReplaceAsync(RestoreEntry entry, JsonObject saved, DynamicObject live, ApiResource row, CancellationToken ct)
    {
        var body = RestoreManifest.ToCreate(entry, saved, index, archive);
        var metadata = body["metadata"]!.AsObject();
        metadata["resourceVersion"] = live.Metadata.ResourceVersion;
        metadata["uid"] = live.Metadata.Uid;
        // A living owner is not the backup's to change.
        metadata["ownerReferences"] = live.Root["metadata"]!["ownerReferences"]?.DeepClone();
        body["apiVersion"] = row.Kind.ApiVersion;
        await client.Dynamic(row.Kind).UpdateAsync(new(body), ct);
        entry.IsOurs = true;
    }

    private async Task RestoreStatusAsync(RestoreEntry entry, JsonObject saved, DynamicObject made, ApiResource row, CancellationToken ct)
    {
        if (!row.Subresources.Contains("status") || RestoreManifest.Status(saved, entry, index) is not { } status)
            return;
        try
        {
            var body = new JsonObject { ["apiVersion"] = row.Kind.ApiVersion, ["kind"] = row.Kind.Kind, ["metadata"] = new JsonObject { ["uid"] = made.Metadata.Uid }, ["status"] = status };
            await client.Dynamic(row.Kind).PatchAsync(entry.Key, Patch.Merge(body), new() { Subresource = "status", FieldManager = FieldManager }, ct);
        }
        catch (KubeApiException e) when (e.IsInvalid)
        {
            // A newer definition may refuse an old status; its controller writes another one.
        }
    }

    /// <summary>What is excluded may be there all the same, and own what is restored.</summary>
    private async Task<RestoredObject> NoteAsync(RestoreEntry entry, string reason, CancellationToken ct)
    {
        if (RowOf(entry.Kind) is { } row)
            entry.NewUid = (await RetryAsync(() => client.Dynamic(row.Kind).GetAsync(entry.Key, ct), ct))?.Metadata.Uid;
        return new(entry.Kind, entry.Key, RestoreOutcome.Skipped, reason);
    }

    private RestoreEntry? LostOwner(RestoreEntry entry) =>
        entry.Owners.Select(owner => index.FindUid(owner.Uid)).FirstOrDefault(owner => owner is { Failure: not null });

    /// <summary>The saved version where it is served, else the one that the server prefers.</summary>
    private ApiResource? RowOf(PartKind kind) =>
        served.FirstOrDefault(row => row.Kind.Group == kind.Group && row.Kind.Plural == kind.Plural && row.Kind.Version == kind.Version)
        ?? served.FirstOrDefault(row => row.Kind.Group == kind.Group && row.Kind.Plural == kind.Plural);

    private static string? NoteOf(JsonObject saved) =>
        saved["metadata"]?["deletionTimestamp"] is null ? null : "it was being deleted when the backup was made: delete it again if that is still meant";

    private async Task<T> RetryAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            try
            {
                return await call();
            }
            catch (KubeApiException e) when (attempt < Tries && (e.IsTransient || e.IsConflict || e.IsAlreadyExists))
            {
                await Task.Delay(pause, clock, ct);
            }
        }
    }
}

/// <summary>What keeps one object from being restored.</summary>
internal sealed class RestoreException(string message) : Exception(message);
