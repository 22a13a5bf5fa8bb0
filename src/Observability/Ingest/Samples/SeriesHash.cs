using System.Buffers.Binary;
using System.Numerics;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>64 bits of the labels of a series, with a seed of this process, so that nobody can prepare series that share a hash.</summary>
internal static class SeriesHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    public static ulong Of(ReadOnlySpan<byte> labels)
    {
        var hash = Seed ^ ((ulong)labels.Length * Prime);
        while (labels.Length >= 8)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(labels));
            labels = labels[8..];
        }
        ulong rest = 0;
        for (var i = 0; i < labels.Length; i++)
            rest |= (ulong)labels[i] << (8 * i);
        return Mix(Mix(hash, rest), Prime);
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        var high = Math.BigMul(BitOperations.RotateLeft(hash, 23) ^ word, Prime, out var low);
        return high ^ low;
    }
}
