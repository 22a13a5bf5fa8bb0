using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>
/// How many addresses a pool has. What it may not hand out does not count: excluded ones, the gateway, and the network's own address and broadcast
/// (for IPv6 the anycast address). Entries that are none count as nothing. Pure.
/// </summary>
internal static class AddressRanges
{
    public static long Count(IEnumerable<string> addresses, IEnumerable<string> excluded, string? gateway, int? prefix, bool withReserved)
    {
        var given = addresses.Select(Parse).OfType<Span>().ToList();
        var without = excluded.Append(gateway ?? "").Select(Parse).OfType<Span>().ToList();
        if (!withReserved && given.Count > 0 && prefix is { } length)
            without.AddRange(Reserved(given[0], length));
        var total = BigInteger.Zero;
        foreach (var family in given.GroupBy(span => span.Bits))
        {
            var inside = Merge(family);
            var outside = Merge(without.Where(span => span.Bits == family.Key));
            total += inside.Aggregate(BigInteger.Zero, (sum, span) => sum + span.Size) - inside.Aggregate(BigInteger.Zero, (sum, span) => sum + Overlap(span, outside));
        }
        return (long)BigInteger.Min(total, long.MaxValue);
    }

    private static IEnumerable<Span> Reserved(Span first, int prefix)
    {
        var free = first.Bits - prefix;
        // A network of one or two addresses has none to spare.
        if (free is < 2 or > 128)
            yield break;
        var size = BigInteger.One << free;
        var network = first.From / size * size;
        yield return new(first.Bits, network, network);
        if (first.Bits == 32)
            yield return new(32, network + size - 1, network + size - 1);
    }

    private static List<Span> Merge(IEnumerable<Span> spans)
    {
        var merged = new List<Span>();
        foreach (var span in spans.OrderBy(span => span.From))
            if (merged.Count > 0 && span.From <= merged[^1].To)
                merged[^1] = merged[^1] with { To = BigInteger.Max(merged[^1].To, span.To) };
            else
                merged.Add(span);
        return merged;
    }

    private static BigInteger Overlap(Span span, List<Span> others) => others.Aggregate(
        BigInteger.Zero, (sum, other) => sum + BigInteger.Max(0, BigInteger.Min(span.To, other.To) - BigInteger.Max(span.From, other.From) + 1));

    private static Span? Parse(string text)
    {
        if (text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
            return Address(text[..slash]) is var (bits, address) && int.TryParse(text[(slash + 1)..], out var length) && length >= 0 && length <= bits
                ? Network(bits, address, length)
                : null;
        var ends = text.Split('-');
        if (Address(ends[0].Trim()) is not var (family, from))
            return null;
        if (ends.Length == 1)
            return new(family, from, from);
        return ends.Length == 2 && Address(ends[1].Trim()) is var (other, to) && other == family && to >= from ? new(family, from, to) : null;
    }

    private static Span Network(int bits, BigInteger address, int length)
    {
        var size = BigInteger.One << (bits - length);
        var network = address / size * size;
        return new(bits, network, network + size - 1);
    }

    private static (int Bits, BigInteger Value)? Address(string text) => IPAddress.TryParse(text, out var address)
        ? (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128, new BigInteger(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true))
        : null;

    private readonly record struct Span(int Bits, BigInteger From, BigInteger To)
    {
        public BigInteger Size => To - From + 1;
    }
}
