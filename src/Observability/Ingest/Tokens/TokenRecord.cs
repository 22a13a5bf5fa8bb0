using System.Globalization;
using System.Text;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>A token as its Secret keeps it: <c>sha256:HEX TIME</c>.</summary>
public sealed record TokenRecord(byte[] Hash, DateTimeOffset Created)
{
    private const string Algorithm = "sha256:";
    private const int HexLength = 64;

    /// <summary>Null when somebody wrote something else there.</summary>
    public static TokenRecord? Parse(byte[] value)
    {
        var text = Encoding.ASCII.GetString(value);
        if (!text.StartsWith(Algorithm, StringComparison.Ordinal) || text.Length < Algorithm.Length + HexLength + 1)
            return null;
        var hash = new byte[HexLength / 2];
        var isHash = Convert.FromHexString(text.AsSpan(Algorithm.Length, HexLength), hash, out _, out _) == System.Buffers.OperationStatus.Done;
        var isTime = DateTimeOffset.TryParse(
            text.AsSpan(Algorithm.Length + HexLength), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var created);
        return isHash && isTime ? new(hash, created) : null;
    }

    public string Write() => $"{Algorithm}{Convert.ToHexStringLower(Hash)} {Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}";
}
