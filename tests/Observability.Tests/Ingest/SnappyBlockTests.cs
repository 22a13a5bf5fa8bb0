using Fleet.Observability.Ingest.Wire;
using FsCheck.Fluent;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>Our Snappy and an independent one understand each other, and nothing that is sent harms ours.</summary>
public sealed class SnappyBlockTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 0, 1 }, { 1, 1 }, { 7, 1 }, { 8, 2 }, { 59, 1 }, { 60, 256 }, { 61, 256 }, { 256, 256 }, { 257, 256 }, { 4000, 3 }, { 65536, 256 }, { 65537, 2 }, { 200_000, 1 }, { 300_000, 5 }, { 300_000, 256 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Both_decode_what_either_encodes(int length, int letters)
    {
        var random = new Random(length + letters);
        var data = new byte[length];
        for (var i = 0; i < length; i++)
            data[i] = (byte)random.Next(letters);
        Assert.Equal(data, Decode(Encode(data)));
        if (length > 0)
            Assert.Equal(data, IronSnappy.Snappy.Decode(Encode(data)));
        Assert.Equal(data, Decode(IronSnappy.Snappy.Encode(data)));
    }

    [Fact]
    public void Blocks_that_were_joined_are_one_block_for_both()
    {
        var random = new Random(7);
        foreach (var count in (int[])[0, 1, 2, 17])
        {
            var parts = Enumerable.Range(0, count).Select(i => Enumerable.Range(0, random.Next(0, 90_000)).Select(n => (byte)(n % 97 * (i + 1) + random.Next(3))).ToArray()).ToList();
            using var joined = new PooledBytes();
            SnappyBlock.Join(parts.Select((part, i) => (ReadOnlyMemory<byte>)(i % 2 == 0 ? Encode(part) : IronSnappy.Snappy.Encode(part))), joined);
            var all = parts.SelectMany(part => part).ToArray();
            Assert.Equal(all, Decode(joined.Span.ToArray()));
            if (all.Length > 0)
                Assert.Equal(all, IronSnappy.Snappy.Decode(joined.Span.ToArray()));
        }
        using var none = new PooledBytes();
        Assert.Throws<MalformedPayloadException>(() => SnappyBlock.Join([Encode([1, 2, 3]), Array.Empty<byte>()], none));
    }

    [Fact]
    public void Text_that_repeats_becomes_small()
    {
        var text = WriteRequests.V1(Enumerable.Range(0, 500).Select(i => Series.Of("container_cpu_usage_seconds_total", 1_700_000_000_000, i, ("namespace", "team"), ("pod", $"web-{i}"))));
        var ours = Encode(text).Length;
        Assert.InRange(ours, 1, IronSnappy.Snappy.Encode(text).Length * 1.2);
    }

    [Fact]
    public void Any_bytes_are_decoded_or_refused()
    {
        var inputs = ArbMap.Default.GeneratorFor<byte[]>();
        foreach (var input in inputs.Sample(3000, 300))
            TryDecode(input);
        // Damage to what was right reaches further into the decoder than chance does.
        var right = Encode(WriteRequests.V1(Enumerable.Range(0, 50).Select(i => Series.Of("up", i, i, ("pod", $"p{i}")))));
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var wrong = (byte[])right.Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
                wrong[random.Next(wrong.Length)] = (byte)random.Next(256);
            TryDecode(random.Next(3) == 0 ? wrong[..random.Next(wrong.Length)] : wrong);
        }
    }

    [Fact]
    public void A_block_that_says_to_be_huge_costs_nothing()
    {
        byte[] bomb = [0xff, 0xff, 0xff, 0xff, 0x0f, 0x00];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedPayloadException>(() => SnappyBlock.Decode(bomb, 1_000_000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static void TryDecode(byte[] input)
    {
        try
        {
            Assert.InRange(Decode(input).Length, 0, 1_000_000);
        }
        catch (MalformedPayloadException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private static byte[] Encode(byte[] data)
    {
        using var block = new PooledBytes();
        SnappyBlock.Encode(data, block);
        return block.Span.ToArray();
    }

    private static byte[] Decode(byte[] block)
    {
        using var data = SnappyBlock.Decode(block, 1_000_000);
        return data.Span.ToArray();
    }
}
