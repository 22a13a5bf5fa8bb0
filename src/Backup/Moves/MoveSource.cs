using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Moves;

/// <summary>What a move does to the management cluster that gives a cluster away. Every call may be repeated by another process.</summary>
internal sealed class MoveSource(MoveOptions options, MoveReader reader, string move, TimeProvider clock)
{
    private const string FieldManager = "fleet-move";

    /// <summary>A deletion without finalizers takes effect at once; this is for an API server that is busy.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(30);

    private readonly IKubernetesClient source = options.Source;

    /// <summary>Nobody here acts on the cluster after this, and what was under way has ended.</summary>
    /// <exception cref="MoveException">Something does not come to its end. The pauses are taken off again.</exception>
    public async Task<MoveContent> BringToRestAsync(CancellationToken ct)
    {
        await PauseAsync((await reader.ReadAsync(ct)).Own, ct);
        var started = clock.GetTimestamp();
        var since = clock.GetTimestamp();
        var before = "";
        while (true)
        {
            var content = await reader.ReadAsync(ct);
            // A ServiceSet that was made meanwhile, for instance.
            await PauseAsync(content.Own, ct);
            var now = string.Join(' ', content.Own.Select(item => item.Object.Metadata.ResourceVersion));
            if (now != before)
                (before, since) = (now, clock.GetTimestamp());
            var underWay = UnderWay(content.Own) ?? (options.ManagersAreStopped ? null : Unconfirmed(content.Own));
            if (underWay is null && clock.GetElapsedTime(since) >= options.Rest)
                return content;
            if (clock.GetElapsedTime(started) > options.SettleTimeout)
            {
                await UnpauseAsync(content.Own, ct);
                throw new MoveException($"{underWay ?? "Something still changes"} after {options.SettleTimeout.TotalSeconds:0} s. The cluster goes on at the source; move it when that has ended.");
            }

            await Task.Delay(options.Rest / 4, clock, ct);
        }
    }

    public async Task UnpauseAsync(IReadOnlyList<MovedObject> own, CancellationToken ct)
    {
        foreach (var item in own.Where(item => item.Object.Metadata.Annotations?.ContainsKey(MoveMarks.PausedFor) == true).OrderByDescending(MoveSet.LetGoOrder))
        {
            var annotations = new JsonObject { [MoveMarks.PausedFor] = null };
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = item.Object.Metadata.Uid, ["annotations"] = annotations } };
            if (IsCapiCluster(item))
                patch["spec"] = new JsonObject { ["paused"] = null };
            else
                annotations[PauseOf(item)!] = null;
            await PatchAsync(item, patch, ct);
        }
    }

    /// <summary>The point of no return, written before the target lets go: from here on a new try only finishes.</summary>
    public async Task MarkMovedAsync(IReadOnlyList<MovedObject> own, CancellationToken ct)
    {
        // The records last to go are the last that know of it; the ClusterDeployment is what is asked first. Where Helm has no record anything may be the last.
        var last = own.Any(MoveSet.IsRecord) ? own.Where(item => MoveSet.IsRecord(item) || MoveSet.LetGoOrder(item) == 0) : own;
        foreach (var item in last.OrderByDescending(MoveSet.LetGoOrder))
            await PatchAsync(item, new() { ["metadata"] = new JsonObject { ["uid"] = item.Object.Metadata.Uid, ["annotations"] = new JsonObject { [MoveMarks.Moved] = move } } }, ct);
    }

    public bool IsMoved(IReadOnlyList<MovedObject> own)
    {
        var cluster = own.FirstOrDefault(item => MoveSet.LetGoOrder(item) == 0);
        bool HasMark(MovedObject item) => item.Object.Metadata.Annotations?.GetValueOrDefault(MoveMarks.Moved) == move;
        return cluster is not null ? HasMark(cluster) : own.Any(HasMark);
    }

    /// <summary>Takes the objects away and nothing that stands behind them: without finalizers nobody is asked to clean up.</summary>
    public async Task LetGoAsync(IReadOnlyList<MovedObject> own, CancellationToken ct)
    {
        var depths = Depths(own);
        var inOrder = own.OrderBy(MoveSet.LetGoOrder).ThenByDescending(item => depths.GetValueOrDefault(item.Object.Metadata.Uid ?? "")).ToList();
        // All of them first: the owner's deletion deletes what it owns, and that must not find a finalizer.
        foreach (var item in inOrder)
            await ReleaseAsync(item, ct);
        foreach (var item in inOrder)
            await TakeAwayAsync(item, ct);
    }

    /// <summary>
    /// Until it is gone. A controller that saw the object without its finalizer may have put it back before the deletion came; with a deletionTimestamp nobody can any more.
    /// </summary>
    private async Task TakeAwayAsync(MovedObject item, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            await ReleaseAsync(item, ct);
            try
            {
                await source.Dynamic(item.Kind).DeleteAsync(item.Object.Key, new() { Uid = item.Object.Metadata.Uid }, ct);
            }
            catch (KubeApiException e) when (e.IsConflict)
            {
                // Another object has the name by now: it is not ours to take away.
            }

            if (await source.Dynamic(item.Kind).GetAsync(item.Object.Key, ct) is not { } left || left.Metadata.Uid != item.Object.Metadata.Uid)
                return;
            if (clock.GetElapsedTime(began) > LongestFarewell)
            {
                throw new MoveException(
                    $"{item} stays at the source although it was deleted, with the finalizers {string.Join(", ", left.Metadata.Finalizers ?? [])}. The cluster is at the target and works there; run the same command again.");
            }

            await Task.Delay(options.Rest / 4, clock, ct);
        }
    }

    private async Task PauseAsync(IReadOnlyList<MovedObject> own, CancellationToken ct)
    {
        // The manager of clusters first, then that of services, then Cluster API.
        foreach (var item in own.Where(item => !IsPaused(item)).OrderBy(MoveSet.LetGoOrder))
        {
            if (IsCapiCluster(item))
                await PatchAsync(item, new() { ["metadata"] = Paused(item), ["spec"] = new JsonObject { ["paused"] = true } }, ct);
            else if (PauseOf(item) is { } pause)
                await PatchAsync(item, new() { ["metadata"] = Paused(item, pause) }, ct);
        }
    }

    private JsonObject Paused(MovedObject item, string? pause = null)
    {
        var annotations = new JsonObject { [MoveMarks.PausedFor] = move };
        if (pause is not null)
            annotations[pause] = "true";
        return new() { ["uid"] = item.Object.Metadata.Uid, ["annotations"] = annotations };
    }

    private async Task ReleaseAsync(MovedObject item, CancellationToken ct)
    {
        if (await source.Dynamic(item.Kind).GetAsync(item.Object.Key, ct) is not { } live || live.Metadata.Uid != item.Object.Metadata.Uid || live.Metadata.Finalizers is not { Count: > 0 })
            return;
        await PatchAsync(item, new() { ["metadata"] = new JsonObject { ["uid"] = live.Metadata.Uid, ["finalizers"] = null } }, ct);
    }

    private async Task PatchAsync(MovedObject item, JsonObject patch, CancellationToken ct)
    {
        try
        {
            await source.Dynamic(item.Kind).PatchAsync(item.Object.Key, Patch.Merge(patch), new() { FieldManager = FieldManager }, ct);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            // An owner that went has taken it along.
        }
    }

    /// <summary>Words for what must come to its end before copies are made; null when nothing is under way.</summary>
    private static string? UnderWay(IReadOnlyList<MovedObject> own)
    {
        foreach (var item in own)
        {
            if (MoveSet.IsRecord(item) && item.Object.Metadata.Labels?.GetValueOrDefault("status")?.StartsWith("pending", StringComparison.Ordinal) == true)
                return $"Helm is still at work on release {item.Object.Metadata.Labels.GetValueOrDefault("name")}";
            if (item.Kind is { Group: FleetApi.Group, Kind: "ServiceSet" } && item.Object.At("status", "services") is JsonArray services
                && services.FirstOrDefault(row => (string?)row?["state"] == "Provisioning") is { } service)
                return $"Service {(string?)service["namespace"]}/{(string?)service["name"]} is still being installed";
        }

        return null;
    }

    /// <summary>
    /// Words for a manager that has not said yet that it has seen the pause. It says so in its own turn, after all that it was at before; that nothing was written for a while proves less.
    /// </summary>
    private static string? Unconfirmed(IReadOnlyList<MovedObject> own)
    {
        foreach (var item in own.Where(item => PauseOf(item) is not null))
        {
            var isConfirmed = item.Object.At("status", "conditions") is JsonArray conditions && conditions.Any(row => (string?)row?["type"] == "Paused" && (string?)row["status"] == "True");
            if (!isConfirmed)
                return $"{item} is not known to be paused by the manager of the source, which may be stopped (then say --managers-stopped)";
        }

        return null;
    }

    private static Dictionary<string, int> Depths(IReadOnlyList<MovedObject> own)
    {
        var byUid = own.Where(item => item.Object.Metadata.Uid is not null).ToDictionary(item => item.Object.Metadata.Uid!);
        int Of(MovedObject item, int steps) => steps > own.Count
            ? 0
            : (item.Object.Metadata.OwnerReferences ?? []).Select(owner => byUid.TryGetValue(owner.Uid, out var above) ? Of(above, steps + 1) + 1 : 0).DefaultIfEmpty(0).Max();
        return byUid.ToDictionary(entry => entry.Key, entry => Of(entry.Value, 0));
    }

    private static bool IsPaused(MovedObject item) => IsCapiCluster(item)
        ? (bool?)item.Object.At("spec", "paused") == true
        : PauseOf(item) is { } pause && item.Object.Metadata.Annotations?.GetValueOrDefault(pause) is { } value && !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);

    private static string? PauseOf(MovedObject item) => item.Kind switch
    {
        { Group: FleetApi.Group, Kind: "ClusterDeployment" } => FleetAnnotations.Paused,
        { Group: FleetApi.Group, Kind: "ServiceSet" } => FleetLabels.ServiceSetPaused,
        _ => null,
    };

    private static bool IsCapiCluster(MovedObject item) => item.Kind is { Group: "cluster.x-k8s.io", Kind: "Cluster" };
}
