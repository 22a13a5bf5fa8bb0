using System.Security.Cryptography;

namespace Fleet.ClusterManager.DataSources;

/// <summary>The connection as kine reads it. It holds a password: never printed. Pure, but for the password that is drawn.</summary>
internal static class KineUrl
{
    /// <summary>Where cluster charts mount the certificate authority, upstream's as well as ours.</summary>
    private const string AuthorityFile = "/var/lib/k0s/kine-ca/ca.crt";

    private const string Scheme = "postgres://";

    /// <summary>Letters and digits only: neither a URL nor a shell has to escape them.</summary>
    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public static string Of(IReadOnlyList<string> endpoints, string role, string password, string database, bool withAuthority)
    {
        List<string> options = [];
        if (withAuthority)
            options.AddRange(["sslmode=verify-full", $"sslrootcert={AuthorityFile}"]);
        if (endpoints.Count > 1)
            options.Add("target_session_attrs=read-write");
        return $"{Scheme}{Uri.EscapeDataString(role)}:{password}@{string.Join(',', endpoints)}/{Uri.EscapeDataString(database)}{(options.Count > 0 ? "?" + string.Join('&', options) : "")}";
    }

    /// <summary>Null when the text is no such URL.</summary>
    public static string? PasswordOf(string? url)
    {
        if (url?.StartsWith(Scheme, StringComparison.Ordinal) != true || url.IndexOf('@', StringComparison.Ordinal) is not (> 0 and var at))
            return null;
        var colon = url.IndexOf(':', Scheme.Length);
        return colon > 0 && colon + 1 < at ? url[(colon + 1)..at] : null;
    }
}
