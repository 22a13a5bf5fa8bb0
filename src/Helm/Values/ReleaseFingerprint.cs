using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Helm.Patches;
using Fleet.Helm.Releases;

namespace Fleet.Helm.Values;

/// <summary>
/// Decides whether helm has to run: the same chart bytes, values, options, patches and cluster give the same sixteen hexadecimal digits. Order of keys does not
/// matter; a re-created cluster (other UID) gives another fingerprint, so that everything is installed again.
/// </summary>
public static class ReleaseFingerprint
{
    public static string Of(
        string chartDigest, JsonObject values, ReleaseOptions options, ReleaseName release, string clusterUid, IReadOnlyList<ReleasePatch>? patches = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "1");
        Add(hash, chartDigest);
        Add(hash, CanonicalValues.ToText(values));
        Add(hash, JsonSerializer.Serialize(Canonical(options), FingerprintJson.Default.ReleaseOptions));
        foreach (var (key, value) in options.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            Add(hash, key);
            Add(hash, value);
        }
        Add(hash, release.Namespace);
        Add(hash, release.Name);
        Add(hash, clusterUid);
        // Nothing where there are none: what was installed before patches were known stays as it is.
        foreach (var patch in patches ?? [])
            Add(hash, patch.Content);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // The timeout changes how long helm waits, not what is deployed: raising it must not redeploy a fleet.
    private static ReleaseOptions Canonical(ReleaseOptions options) =>
        options with { Labels = new Dictionary<string, string>(), Timeout = TimeSpan.Zero };

    // Each part is preceded by its length, so that no two lists of parts give the same bytes.
    private static void Add(IncrementalHash hash, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        hash.AppendData(Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture) + ":"));
        hash.AppendData(bytes);
    }
}
