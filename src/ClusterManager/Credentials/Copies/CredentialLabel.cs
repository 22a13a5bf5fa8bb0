using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Credentials.Copies;

/// <summary>The label that says that a Credential needs an object: upstream's <c>credential.NAMESPACE.NAME</c>, shortened where Kubernetes takes no more.</summary>
internal static class CredentialLabel
{
    /// <summary>Of the part behind the slash.</summary>
    private const int Longest = 63;

    private const int HashLength = 8;

    public static string Of(ObjectKey credential)
    {
        var label = $"{FleetLabels.CredentialPrefix}{credential.Namespace}.{credential.Name}";
        var name = label[(label.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (name.Length <= Longest)
            return label;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        return label[..^(name.Length - Longest + HashLength + 1)] + "-" + hash;
    }
}
