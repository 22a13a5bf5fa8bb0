using Fleet.Control.Grains;
using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Helm.Owners;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Releases;

/// <summary>Reads helm's own records (Secrets with label owner=helm) without starting helm.</summary>
internal sealed class ReleaseRecords(IKubernetesClient client)
{
    /// <summary>On the record: what the release was made of. See <c>ReleaseFingerprint</c>.</summary>
    public const string FingerprintLabel = Fleet.Helm.Releases.ReleaseLabels.Fingerprint;

    /// <summary>On the record: uid of the ClusterDeployment.</summary>
    public const string OwnerLabel = "fleet-owner";

    /// <summary>Null when there is no release. Asked at every reconcile: labels only, since a record holds the whole chart.</summary>
    public async Task<ReleaseRecord?> LatestAsync(ObjectKey release, CancellationToken ct)
    {
        var records = await client.Metadata(CoreKinds.Secrets).ListAsync(Of(release), record => Read(record.Metadata), ct);
        return records.Items.OfType<ReleaseRecord>().MaxBy(record => record.Revision);
    }

    /// <summary>Forgets every revision; what the release made stays.</summary>
    public async Task DropAsync(ObjectKey release, GrainOwnership ownership, CancellationToken ct)
    {
        foreach (var record in await AllAsync(release, ct))
            await client.Dynamic(CoreKinds.Secrets).DeleteFencedAsync(record.Key, record.Uid, DeleteOptions.Background, ownership, ct);
        await ForgetOwnerAsync(release, ownership, ct);
    }

    /// <summary>Writes down that the release is nobody's.</summary>
    public Task OrphanAsync(ObjectKey release, GrainOwnership ownership, CancellationToken ct) => OrphanAsync(release, null, ownership, ct);

    /// <param name="release">The release.</param>
    /// <param name="owner">Uid of the only owner that may be taken off; null: any.</param>
    /// <param name="ownership">Of the writer.</param>
    /// <param name="ct">Cancels.</param>
    public async Task OrphanAsync(ObjectKey release, string? owner, GrainOwnership ownership, CancellationToken ct)
    {
        foreach (var record in (await AllAsync(release, ct)).Where(record => owner is null || record.Labels?.GetValueOrDefault(OwnerLabel) == owner))
            await client.Dynamic(CoreKinds.Secrets).PatchFencedAsync(
                record.Key, record.Uid,
                new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [OwnerLabel] = ReleaseRecord.Orphan } } },
                PatchOptions.Default, ownership, ct);
        await ForgetOwnerAsync(release, ownership, ct);
    }

    private async Task ForgetOwnerAsync(ObjectKey release, GrainOwnership ownership, CancellationToken ct)
    {
        if (ownership.IsShared)
            await client.Dynamic(CoreKinds.Secrets).DeleteFencedAsync(ReleaseOwnership.RecordOf(new(release.Namespace, release.Name)), null, DeleteOptions.Background, ownership, ct);
    }

    /// <summary>
    /// What the revisions of a release are made of, from the newest down to the one that is deployed (all of them while none is); empty when there is no release.
    /// </summary>
    public async Task<IReadOnlyList<ReleaseContent>> ContentsAsync(ObjectKey release, CancellationToken ct)
    {
        var records = await AllAsync(release, ct);
        var contents = new List<ReleaseContent>();
        foreach (var (record, key) in records.Select(record => (Record: Read(record), record.Key)).Where(found => found.Record is not null).OrderByDescending(found => found.Record!.Revision))
        {
            if (await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct) is not { } secret || ReleaseContent.Read(secret, record!) is not { } content)
                continue;
            contents.Add(content);
            if (content.IsDeployed)
                break;
        }
        return contents;
    }

    private static ListOptions Of(ObjectKey release) => new() { Namespace = release.Namespace, LabelSelector = $"owner=helm,name={release.Name}" };

    private async Task<IReadOnlyList<ObjectMeta>> AllAsync(ObjectKey release, CancellationToken ct) =>
        (await client.Metadata(CoreKinds.Secrets).ListAsync(Of(release), record => record.Metadata, ct)).Items;

    /// <summary>Null when the Secret is no record of a release.</summary>
    public static ReleaseRecord? Read(ObjectMeta record) =>
        record.Labels is { } labels
        && labels.TryGetValue("version", out var version)
        && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new(revision, labels.GetValueOrDefault("status", ""), labels.GetValueOrDefault(FingerprintLabel)) { Owner = labels.GetValueOrDefault(OwnerLabel) }
            : null;
}
