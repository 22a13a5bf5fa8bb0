using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>64 bits of the labels of a series, with a seed of this process, so that nobody can prepare series that share a hash.</summary>
internal static class SeriesHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();
    private static readonly ulong Other = (ulong)Random.Shared.NextInt64() | 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(ReadOnlySpan<byte> labels)
    {
        // Two that do not wait for each other: a multiplication takes longer than it is until the next can begin.
        ulong one = Seed ^ ((ulong)labels.Length * Prime), two = Other;
        for (; labels.Length >= 32; labels = labels[32..])
        {
            one = Mix(one ^ Word(labels), Word(labels[8..]) ^ Other);
            two = Mix(two ^ Word(labels[16..]), Word(labels[24..]) ^ Seed);
        }
        for (; labels.Length >= 8; labels = labels[8..])
            one = Mix(one ^ Word(labels), Prime);
        ulong rest = 0;
        for (var i = 0; i < labels.Length; i++)
            rest |= (ulong)labels[i] << (8 * i);
        return Mix(Mix(one ^ rest, Prime) ^ BitOperations.RotateLeft(two, 23), Prime);
    }

    private static ulong Word(ReadOnlySpan<byte> from) => BinaryPrimitives.ReadUInt64LittleEndian(from);

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
