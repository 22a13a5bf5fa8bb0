using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Control.Certificates;

/// <summary>Trust in the certificates of a file and in no others.</summary>
public static class TrustedRoots
{
    /// <exception cref="InvalidDataException">The file holds none.</exception>
    public static X509ChainPolicy Of(string pemFile)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(pemFile);
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException($"{pemFile} holds something that is no PEM certificate", e);
        }
        if (roots.Count == 0)
            throw new InvalidDataException($"{pemFile} holds no PEM block CERTIFICATE");
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
