using System.Globalization;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Releases;

/// <summary>Reads helm's own records (Secrets with label owner=helm) without starting helm.</summary>
internal sealed class ReleaseRecords(IKubernetesClient client)
{
    /// <summary>On the record: what the release was made of. See <c>ReleaseFingerprint</c>.</summary>
    public const string FingerprintLabel = "fleet-fingerprint";

    /// <summary>Null when there is no release.</summary>
    public async Task<ReleaseRecord?> LatestAsync(ObjectKey release, CancellationToken ct)
    {
        var list = await client.Dynamic(CoreKinds.Secrets).ListAsync(
            new() { Namespace = release.Namespace, LabelSelector = $"owner=helm,name={release.Name}" }, ct);
        return list.Items.Select(Read).OfType<ReleaseRecord>().MaxBy(record => record.Revision);
    }

    private static ReleaseRecord? Read(DynamicObject secret)
    {
        var labels = secret.Metadata.Labels;
        return labels is not null
            && labels.TryGetValue("version", out var version)
            && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new(revision, labels.GetValueOrDefault("status", ""), labels.GetValueOrDefault(FingerprintLabel))
            : null;
    }
}
