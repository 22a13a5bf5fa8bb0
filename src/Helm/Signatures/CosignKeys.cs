using System.Security.Cryptography;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Signatures;

/// <summary>Public keys, one of which must have signed an artifact.</summary>
public sealed class CosignKeys
{
    private readonly IReadOnlyList<string> _pems;

    /// <summary>
    /// Throws <see cref="HelmException"/> (ChartInvalid) when there is no key or one cannot be used. <paramref name="pems"/>: the name of each key, for
    /// messages, and its PEM text (ECDSA or RSA).
    /// </summary>
    public CosignKeys(IReadOnlyDictionary<string, string> pems)
    {
        if (pems.Count == 0) throw new HelmException(HelmErrorKind.ChartInvalid, "There is no public key to check the signature with.");
        foreach (var (name, pem) in pems)
            if (!CanRead(pem)) throw new HelmException(HelmErrorKind.ChartInvalid, $"{name} is not a PEM public key of ECDSA or RSA.");
        _pems = [.. pems.Values];
    }

    /// <summary>Names the set of keys: an artifact that one set has verified says nothing for another.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\0', _pems.Order(StringComparer.Ordinal)))));

    /// <summary>Whether one of the keys made the signature (SHA-256; ECDSA in DER, RSA with PKCS#1 v1.5 padding, as cosign makes them).</summary>
    public bool Verify(byte[] payload, byte[] signature) => _pems.Any(pem => Verify(pem, payload, signature));

    private static bool Verify(string pem, byte[] payload, byte[] signature)
    {
        try
        {
            if (TryEcdsa(pem) is { } ecdsa)
                using (ecdsa) return ecdsa.VerifyData(payload, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.VerifyData(payload, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool CanRead(string pem)
    {
        using var ecdsa = TryEcdsa(pem);
        if (ecdsa is not null) return true;
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static ECDsa? TryEcdsa(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }
}
