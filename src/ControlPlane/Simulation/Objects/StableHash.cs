using System.Security.Cryptography;
using System.Text;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>Names and figures that look random but are the same every time they are computed from the same input.</summary>
internal static class StableHash
{
    /// <summary>Kubernetes' alphabet for generated names: no vowels, nothing that reads alike.</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static ulong Number(string input)
    {
        // FNV-1a with a final mix: cheap, and stable between runs (string.GetHashCode is not).
        var hash = 14695981039346656037UL;
        foreach (var c in input)
            hash = (hash ^ c) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        return hash ^ (hash >> 33);
    }

    public static string Suffix(string input, int length)
    {
        var number = Number(input);
        return string.Create(length, number, static (span, n) =>
        {
            foreach (ref var c in span)
                (c, n) = (Alphabet[(int)(n % (ulong)Alphabet.Length)], n / (ulong)Alphabet.Length);
        });
    }

    public static string Hex(string input, int length) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input)))[..length];
}
