using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Releases;

/// <summary>Reads helm's own records (Secrets with label owner=helm) without starting helm.</summary>
internal sealed class ReleaseRecords(IKubernetesClient client)
{
    /// <summary>On the record: what the release was made of. See <c>ReleaseFingerprint</c>.</summary>
    public const string FingerprintLabel = "fleet-fingerprint";

    /// <summary>On the record: uid of the ClusterDeployment.</summary>
    public const string OwnerLabel = "fleet-owner";

    /// <summary>Null when there is no release.</summary>
    public async Task<ReleaseRecord?> LatestAsync(ObjectKey release, CancellationToken ct)
    {
        var secrets = await AllAsync(release, ct);
        return secrets.Select(Read).OfType<ReleaseRecord>().MaxBy(record => record.Revision);
    }

    /// <summary>Forgets every revision; what the release made stays.</summary>
    public async Task DropAsync(ObjectKey release, CancellationToken ct)
    {
        foreach (var secret in await AllAsync(release, ct))
            await client.Dynamic(CoreKinds.Secrets).DeleteAsync(secret.Key, DeleteOptions.Background with { Uid = secret.Metadata.Uid }, ct);
    }

    /// <summary>Writes down that the release is nobody's.</summary>
    public Task OrphanAsync(ObjectKey release, CancellationToken ct) => OrphanAsync(release, null, ct);

    /// <param name="release">The release.</param>
    /// <param name="owner">Uid of the only owner that may be taken off; null: any.</param>
    /// <param name="ct">Cancels.</param>
    public async Task OrphanAsync(ObjectKey release, string? owner, CancellationToken ct)
    {
        foreach (var secret in (await AllAsync(release, ct)).Where(secret => owner is null || secret.Metadata.Labels?.GetValueOrDefault(OwnerLabel) == owner))
            await client.Dynamic(CoreKinds.Secrets).PatchAsync(
                secret.Key,
                Patch.Merge(new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [OwnerLabel] = ReleaseRecord.Orphan } } }),
                PatchOptions.Default, ct);
    }

    private async Task<IReadOnlyList<DynamicObject>> AllAsync(ObjectKey release, CancellationToken ct) =>
        (await client.Dynamic(CoreKinds.Secrets).ListAsync(
            new() { Namespace = release.Namespace, LabelSelector = $"owner=helm,name={release.Name}" }, ct)).Items;

    /// <summary>What the revisions of a release are made of, the newest first; empty when there is no release.</summary>
    public async Task<IReadOnlyList<ReleaseContent>> ContentsAsync(ObjectKey release, CancellationToken ct)
    {
        var secrets = await AllAsync(release, ct);
        return [.. secrets.Select(ReleaseContent.Read).OfType<ReleaseContent>().OrderByDescending(content => content.Revision)];
    }

    /// <summary>Null when the Secret is no record of a release.</summary>
    public static ReleaseRecord? Read(DynamicObject secret)
    {
        var labels = secret.Metadata.Labels;
        return labels is not null
            && labels.TryGetValue("version", out var version)
            && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new(revision, labels.GetValueOrDefault("status", ""), labels.GetValueOrDefault(FingerprintLabel)) { Owner = labels.GetValueOrDefault(OwnerLabel) }
            : null;
    }
}
