using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>Looks for canaries in bytes, also in what is packed by gzip in them (and in base64 then, as records of Helm are).</summary>
internal sealed partial class CanarySearch(IReadOnlyCollection<Canary> canaries)
{
    private const int Unpacked = 64 << 20;
    private const int Layers = 3;

    private readonly SearchValues<string> forms = SearchValues.Create([.. canaries.SelectMany(canary => canary.Forms())], StringComparison.Ordinal);

    /// <summary>Names of the canaries that are there.</summary>
    public IReadOnlyList<string> In(ReadOnlySpan<byte> content, int layer = 0)
    {
        // One character a byte; JSON that is careful writes the plus of base64 otherwise.
        var text = Encoding.Latin1.GetString(content).Replace("\\u002B", "+", StringComparison.OrdinalIgnoreCase);
        var found = new List<string>();
        if (text.AsSpan().ContainsAny(forms))
            found.AddRange(canaries.Where(canary => canary.Forms().Any(form => text.Contains(form, StringComparison.Ordinal))).Select(canary => canary.Name));
        if (layer == Layers)
            return found;
        foreach (Match match in PackedInBase64().Matches(text))
            found.AddRange(In(Unpack(Convert.FromBase64String(match.Value[..(match.Value.Length / 4 * 4)])), layer + 1));
        for (var begin = 0; content[begin..].IndexOf<byte>([0x1f, 0x8b, 0x08]) is >= 0 and var next; begin += next + 1)
            found.AddRange(In(Unpack(content[(begin + next)..].ToArray()), layer + 1));
        return found;
    }

    public IReadOnlyList<string> In(string text) => In(Encoding.UTF8.GetBytes(text));

    /// <summary>As much of it as can be unpacked.</summary>
    private static ReadOnlySpan<byte> Unpack(byte[] packed)
    {
        using var from = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var to = new MemoryStream();
        var buffer = new byte[81920];
        try
        {
            while (to.Length < Unpacked && from.Read(buffer) is > 0 and var read)
                to.Write(buffer, 0, read);
        }
        catch (InvalidDataException)
        {
            // What follows, or all of it, is something else.
            return to.ToArray();
        }
        return to.ToArray();
    }

    [GeneratedRegex("H4sI[A-Za-z0-9+/]{20,}")]
    private static partial Regex PackedInBase64();
}
