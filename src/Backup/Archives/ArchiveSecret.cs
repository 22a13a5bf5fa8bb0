using System.Security.Cryptography;
using System.Text;

namespace Fleet.Backup.Archives;

/// <summary>What opens an archive: a passphrase, or 32 random bytes. Never printed, never serialised.</summary>
public sealed class ArchiveSecret
{
    /// <summary>Below it a passphrase is found by trying, whatever the derivation costs.</summary>
    public const int ShortestPassphrase = 12;

    private readonly byte[] bytes;
    private readonly bool isPassphrase;

    private ArchiveSecret(byte[] bytes, bool isPassphrase) => (this.bytes, this.isPassphrase) = (bytes, isPassphrase);

    /// <exception cref="FormatException">It is too short.</exception>
    public static ArchiveSecret FromPassphrase(string passphrase) => passphrase.Length < ShortestPassphrase
        ? throw new FormatException($"A passphrase for backups needs at least {ShortestPassphrase} characters.")
        : new(Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormC)), isPassphrase: true);

    /// <exception cref="FormatException">It is not 32 bytes.</exception>
    public static ArchiveSecret FromKey(ReadOnlySpan<byte> key) => key.Length != ArchiveFormat.KeyBytes
        ? throw new FormatException($"A key for backups has {ArchiveFormat.KeyBytes} bytes, this one has {key.Length}.")
        : new(key.ToArray(), isPassphrase: false);

    /// <summary>Of a key file: 32 raw bytes, or the same as 64 hexadecimal digits or base64, as tools print them.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static ArchiveSecret FromKeyFile(ReadOnlySpan<byte> content)
    {
        if (content.Length == ArchiveFormat.KeyBytes)
            return FromKey(content);
        var text = content.Length > 1024 ? "" : Encoding.ASCII.GetString(content).Trim();
        if (text.Length == 2 * ArchiveFormat.KeyBytes && text.All(char.IsAsciiHexDigit))
            return FromKey(Convert.FromHexString(text));
        Span<byte> decoded = stackalloc byte[ArchiveFormat.KeyBytes + 1];
        if (text.Length == 44 && Convert.TryFromBase64String(text, decoded, out var length) && length == ArchiveFormat.KeyBytes)
            return FromKey(decoded[..length]);
        throw new FormatException("A key file for backups holds 32 bytes, raw, as 64 hexadecimal digits or as base64. Make one with: openssl rand -hex 32");
    }

    public override string ToString() => "ArchiveSecret(***)";

    internal KeyParameters NewParameters()
    {
        var salt = RandomNumberGenerator.GetBytes(ArchiveFormat.KeyBytes);
        var parameters = isPassphrase ? KeyParameters.ForPassphrase(salt, KeyParameters.FewestIterations) : KeyParameters.ForKey(salt);
        return parameters with { KeyCheck = CheckOf(Master(parameters), salt) };
    }

    /// <summary>The key of the one archive that begins with these bytes.</summary>
    /// <exception cref="ArchiveException">It was written with another secret.</exception>
    internal byte[] KeyFor(KeyParameters parameters, ReadOnlySpan<byte> header)
    {
        if (parameters.Source == KeyParameters.OfPassphrase != isPassphrase)
        {
            throw new ArchiveException(ArchiveFault.WrongKey, "header", isPassphrase
                ? "The archive was written with a key file, not with a passphrase."
                : "The archive was written with a passphrase, not with a key file.");
        }

        var master = Master(parameters);
        if (!CryptographicOperations.FixedTimeEquals(CheckOf(master, parameters.Salt), parameters.KeyCheck))
            throw new ArchiveException(ArchiveFault.WrongKey, "header", "The passphrase or key does not open this archive: it was written with another one.");
        byte[] info = [.. "fleet backup archive"u8, .. SHA256.HashData(header)];
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, master, ArchiveFormat.KeyBytes, parameters.Salt, info);
    }

    private static byte[] CheckOf(byte[] master, byte[] salt) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, ArchiveFormat.TagBytes, salt, "fleet backup key check"u8.ToArray());

    private byte[] Master(KeyParameters parameters) => isPassphrase
        ? Rfc2898DeriveBytes.Pbkdf2(bytes, parameters.Salt, parameters.Iterations!.Value, HashAlgorithmName.SHA256, ArchiveFormat.KeyBytes)
        : bytes;
}
