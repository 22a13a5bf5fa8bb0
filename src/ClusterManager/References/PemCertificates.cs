using System.Security.Cryptography;

namespace Fleet.ClusterManager.References;

/// <summary>
/// The certificates in a text, and nothing else of it. A reference may lead into another namespace: whatever else is in a Secret there must not come out of it
/// by way of an object that Fleet writes. Pure.
/// </summary>
internal static class PemCertificates
{
    /// <summary>In PEM, one after the other; null when there are none.</summary>
    public static string? Of(string text)
    {
        List<string> certificates = [];
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label].SequenceEqual("CERTIFICATE"))
                certificates.Add(rest[fields.Location].ToString().ReplaceLineEndings("\n"));
            rest = rest[fields.Location.End..];
        }
        return certificates.Count == 0 ? null : string.Join('\n', certificates) + "\n";
    }
}
