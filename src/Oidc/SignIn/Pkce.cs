using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Oidc.SignIn;

/// <summary>What only whoever began a sign-in knows: without it the code is worth nothing (RFC 7636).</summary>
public sealed record Pkce(string Verifier)
{
    public static Pkce New() => new(Secret());

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>256 bits that nobody can guess.</summary>
    public static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
