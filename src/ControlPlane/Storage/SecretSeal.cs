using System.Security.Cryptography;
using System.Text;

namespace Fleet.ControlPlane.Storage;

/// <summary>
/// Secrets reach the disk only as AES-256-GCM leaves them, each bound to its cluster, name and revision, so that none can be put into another's place. The key
/// is a file beside the log, or wherever it was said to be: a copy of the log alone shows nothing.
/// </summary>
internal sealed class SecretSeal
{
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const string Table = "secrets";

    private readonly byte[] key;
    private readonly string file;

    private SecretSeal(byte[] key, string file) => (this.key, this.file) = (key, file);

    /// <summary>How much longer it is than what is sealed.</summary>
    public static int Overhead => NonceLength + TagLength;

    /// <param name="file">64 hexadecimal digits; made when it is not there.</param>
    public static SecretSeal Open(string file)
    {
        if (!File.Exists(file))
            Hosting.ControlPlaneFiles.WriteSecret(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyLength)) + "\n");
        try
        {
            if (Convert.FromHexString(File.ReadAllText(file).Trim()) is { Length: KeyLength } read)
                return new(read, file);
        }
        catch (FormatException)
        {
            // Told below, without what is in it.
        }
        throw new IOException($"{file} must hold the key of the Secrets, {KeyLength * 2} hexadecimal digits; put back the right one");
    }

    /// <summary>The log has Secrets of a time before there was a key.</summary>
    public bool HasSeenPlain { get; private set; }

    public void NotePlain(string table) => HasSeenPlain |= Covers(table);

    public static bool Covers(string table) => table == Table;

    public void Seal(in LogEntry entry, Span<byte> target)
    {
        var nonce = target[..NonceLength];
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(nonce, entry.Json, target[NonceLength..^TagLength], target[^TagLength..], About(entry));
    }

    /// <exception cref="IOException">The key is another one, or somebody has changed the record.</exception>
    public byte[] Open(in LogEntry entry, ReadOnlySpan<byte> @sealed)
    {
        if (@sealed.Length < Overhead)
            throw Wrong(null);
        var json = new byte[@sealed.Length - Overhead];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(@sealed[..NonceLength], @sealed[NonceLength..^TagLength], @sealed[^TagLength..], json, About(entry));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw Wrong(e);
        }
        return json;
    }

    private static byte[] About(in LogEntry entry) => Encoding.UTF8.GetBytes($"{entry.Cluster}\n{entry.Table}\n{entry.Key.Namespace}\n{entry.Key.Name}\n{entry.Revision}");

    private IOException Wrong(Exception? inner) => new($"a Secret in the log does not fit to the key in {file}: put back the right key, or restore the folder from a backup", inner);
}
