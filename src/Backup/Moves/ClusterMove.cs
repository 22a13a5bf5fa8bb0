using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fleet.Backup.Archives;
using Fleet.Backup.Restores;
using Fleet.Backup.Snapshots;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Moves;

/// <summary>
/// Takes a cluster from one management cluster to another: paused at the source, copied as a restore copies, marked as moved, let go at the target, taken away at the source. At no time may both act on it.
/// Cut off anywhere, the same move goes on when it is run again.
/// </summary>
public sealed class ClusterMove(MoveOptions options, TimeProvider clock)
{
    /// <exception cref="MoveException">It could not be finished; the message says what to do.</exception>
    public async Task<MoveReport> RunAsync(CancellationToken ct)
    {
        var (sourceUid, targetUid) = (await UidAsync(options.Source, ct), await UidAsync(options.Target, ct));
        var move = MoveMarks.IdOf(sourceUid, options.Cluster);
        var reader = new MoveReader(options.Source, options.Cluster);
        var source = new MoveSource(options, reader, move, clock);
        var content = await reader.ReadAsync(ct);
        var report = new MoveReport(options.Cluster, options.DryRun);
        if (source.IsMoved(content.Own))
        {
            if (!options.DryRun)
            {
                await CopyAsync(content, move, finishOnly: true, null, ct);
                await source.LetGoAsync(content.Own, ct);
            }

            return report with { Moved = Texts(content.Own), WasUnderWay = true };
        }

        if (!content.Own.Any(item => MoveSet.LetGoOrder(item) == 0))
            return await IsAtTargetAsync(ct) ? report with { WasThere = true } : report with { Refused = [$"there is no ClusterDeployment {options.Cluster} at the source"] };
        if (await new MoveChecks(options, move).FindAsync(content, sourceUid, targetUid, ct) is { Count: > 0 } refused)
            return report with { Refused = refused };
        report = report with { Moved = Texts(content.Own), Copied = Texts(content.Shared) };
        if (options.DryRun)
            return report;

        content = await source.BringToRestAsync(ct);
        await CopyAsync(content, move, finishOnly: false, stop => source.MarkMovedAsync(content.Own, stop), ct);
        await source.LetGoAsync(content.Own, ct);
        return report with { Moved = Texts(content.Own), Copied = Texts(content.Shared) };
    }

    /// <summary>A backup of this cluster alone, in memory, that is restored at the target.</summary>
    private async Task CopyAsync(MoveContent content, string move, bool finishOnly, Func<CancellationToken, Task>? beforeFinish, CancellationToken ct)
    {
        var secret = ArchiveSecret.FromKey(RandomNumberGenerator.GetBytes(32));
        using var stream = new MemoryStream();
        await WriteAsync(stream, secret, content, move, ct);
        using var archive = await ArchiveReader.OpenAsync(stream, secret, ct);
        var restore = new RestoreOptions { Client = options.Target, FinishOnly = finishOnly, BeforeFinish = beforeFinish, ServicesFollowClusters = false };
        var report = await new ManagementRestore(archive, restore, clock).RunAsync(null, ct);
        if (!report.Succeeded)
        {
            var failed = report.Objects.First(item => item.Outcome == RestoreOutcome.Failed);
            throw new MoveException($"{failed.Kind.Kind} {failed.Key} could not be made at the target: {failed.Why}. The cluster is paused on both sides; mend it and run the same command again.");
        }
    }

    private async Task WriteAsync(MemoryStream stream, ArchiveSecret secret, MoveContent content, string move, CancellationToken ct)
    {
        using var archive = await ArchiveWriter.StartAsync(stream, secret, clock.GetUtcNow(), move, ct);
        var namespaces = new List<MovedObject>();
        foreach (var name in content.Own.Concat(content.Shared).Select(item => item.Object.Key.Namespace).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal))
        {
            if (await options.Source.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster(name), ct) is { } home)
                namespaces.Add(new(CoreKinds.Namespaces, home));
        }

        var saved = namespaces.Select(item => (item.Kind, item.Object.Root))
            .Concat(content.Own.Select(item => (item.Kind, Root: MoveMarks.Unpaused(item.Object.Root))))
            .Concat(content.Shared.Select(item => (item.Kind, Root: Copy(item.Object.Root))));
        foreach (var group in saved.GroupBy(item => item.Kind))
        {
            var kind = group.Key;
            var description = new PartDescription($"objects/{(kind.Group.Length == 0 ? "core" : kind.Group)}/{kind.Plural}", PartContent.Objects)
            {
                Kind = new(kind.Group, kind.Version, kind.Kind, kind.Plural, kind.Namespaced),
            };
            await archive.WriteAsync(description, async part =>
            {
                var lines = new ObjectLines(part);
                foreach (var item in group)
                    await lines.WriteAsync(new(item.Root), ct);
                return lines.Count;
            }, ct);
        }

        await archive.CompleteAsync(new() { FleetVersion = ManagementSnapshot.Version }, clock.GetUtcNow(), [], [], ct);
        stream.Position = 0;
    }

    /// <summary>At the target nobody distributes it: with the label of those that Fleet distributes it would be cleared up.</summary>
    private static JsonObject Copy(JsonObject item)
    {
        var copy = item.DeepClone().AsObject();
        (copy["metadata"]!["labels"] as JsonObject)?.Remove(FleetLabels.Managed);
        copy["metadata"]!.AsObject().Remove("ownerReferences");
        return copy;
    }

    private static IReadOnlyList<string> Texts(IReadOnlyList<MovedObject> items) => [.. items.Select(item => item.ToString()).Order(StringComparer.Ordinal)];

    private async Task<bool> IsAtTargetAsync(CancellationToken ct) =>
        await options.Target.FindKindAsync(new(FleetApi.Group, FleetApi.Version, "ClusterDeployment"), ct) is { } kind && await options.Target.Dynamic(kind).GetAsync(options.Cluster, ct) is not null;

    private static async Task<string> UidAsync(IKubernetesClient client, CancellationToken ct) =>
        (await client.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), ct))?.Metadata.Uid ?? throw new MoveException("A management cluster without the namespace kube-system cannot be told from others.");
}
