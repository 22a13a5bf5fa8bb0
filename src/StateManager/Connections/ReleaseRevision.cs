using System.Globalization;
using Fleet.Helm.Releases;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Connections;

/// <summary>One revision of a release, read from the labels of its record. Pure.</summary>
internal sealed record ReleaseRevision(ReleaseName Release, ReleaseRecord Record)
{
    /// <summary>Null for a Secret that is not a record of Helm's.</summary>
    public static ReleaseRevision? Of(ReleaseSecret secret)
    {
        var labels = secret.Metadata.Labels;
        if (labels is null || !labels.TryGetValue("name", out var name) || !labels.TryGetValue("version", out var version)
            || !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
            return null;
        return new ReleaseRevision(
            new ReleaseName(secret.Metadata.Namespace ?? "", name),
            new ReleaseRecord(
                revision, ReleaseStates.Parse(labels.GetValueOrDefault("status", "")), labels.GetValueOrDefault(ReleaseLabels.Fingerprint),
                labels.GetValueOrDefault(ReleaseLabels.KeptFields) is { } kept && kept != ReleaseLabels.NothingKept ? kept : null,
                secret.Metadata.CreationTimestamp));
    }
}
