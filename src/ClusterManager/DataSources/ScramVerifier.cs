using System.Security.Cryptography;
using System.Text;

namespace Fleet.ClusterManager.DataSources;

/// <summary>
/// What PostgreSQL keeps instead of a password (RFC 5803). Sent instead of it, so that no statement in a server's log holds a password. For passwords in ASCII.
/// </summary>
internal static class ScramVerifier
{
    /// <summary>PostgreSQL's own default.</summary>
    private const int Iterations = 4096;

    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(16));

    public static string Of(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var client = HMACSHA256.HashData(salted, "Client Key"u8);
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(SHA256.HashData(client))}:{Convert.ToBase64String(server)}";
    }
}
