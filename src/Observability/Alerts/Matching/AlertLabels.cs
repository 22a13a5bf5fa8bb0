using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Observability.Alerts.Matching;

/// <summary>Labels of alerts, in one order. Pure.</summary>
internal static class AlertLabels
{
    public const string Name = "alertname";
    public const string Severity = "severity";

    /// <summary>As telemetry labels the series of a cluster.</summary>
    public const string Cluster = "cluster";

    public const string ClusterNamespace = "clusterNamespace";

    public static ImmutableSortedDictionary<string, string> None { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>A label without a value is no label.</summary>
    public static ImmutableSortedDictionary<string, string> Of(IEnumerable<KeyValuePair<string, string>> labels) => None.SetItems(labels.Where(label => label.Value.Length > 0));

    /// <summary>The same for the same labels, whatever their order.</summary>
    public static string Fingerprint(ImmutableSortedDictionary<string, string> labels, params ReadOnlySpan<string> owner)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in owner)
            Append(hash, part);
        foreach (var (name, value) in labels)
        {
            Append(hash, name);
            Append(hash, value);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>As Prometheus writes them.</summary>
    public static string Text(IEnumerable<KeyValuePair<string, string>> labels) => $"{{{string.Join(", ", labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}}";

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        // No UTF-8 text has this byte, so that "a" + "bc" is another than "ab" + "c".
        hash.AppendData([0xff]);
    }
}
