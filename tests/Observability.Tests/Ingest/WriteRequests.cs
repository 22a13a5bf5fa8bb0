using System.Buffers.Binary;
using System.Text;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>A series as tests say it.</summary>
public sealed record Series(IReadOnlyList<(string Name, string Value)> Labels, IReadOnlyList<(long Timestamp, double Value)> Samples)
{
    public static Series Of(string name, long timestamp, double value, params (string, string)[] labels) => new([("__name__", name), .. labels], [(timestamp, value)]);

    public string this[string label] => Labels.Single(one => one.Name == label).Value;

    public override string ToString() => string.Join(',', Labels.Select(l => $"{l.Name}={l.Value}")) + ":" + string.Join(',', Samples);
}

/// <summary>Remote write messages, written and read by code that the product does not have.</summary>
public static class WriteRequests
{
    public static byte[] V1(params IEnumerable<Series> series)
    {
        var request = new Message();
        foreach (var one in series)
        {
            var m = new Message();
            foreach (var (name, value) in one.Labels)
                m.Bytes(1, new Message().Text(1, name).Text(2, value).Done());
            foreach (var (timestamp, value) in one.Samples)
                m.Bytes(2, new Message().Double(1, value).Int(2, timestamp).Done());
            request.Bytes(1, m.Done());
        }
        return request.Done();
    }

    public static byte[] V2(params IEnumerable<Series> series)
    {
        var symbols = new List<string> { "" };
        int Symbol(string text)
        {
            var at = symbols.IndexOf(text);
            if (at >= 0)
                return at;
            symbols.Add(text);
            return symbols.Count - 1;
        }
        var all = new List<byte[]>();
        foreach (var one in series)
        {
            var refs = new Message();
            foreach (var (name, value) in one.Labels)
                refs.Varint((ulong)Symbol(name)).Varint((ulong)Symbol(value));
            var m = new Message().Bytes(1, refs.Done());
            foreach (var (timestamp, value) in one.Samples)
                m.Bytes(2, new Message().Double(1, value).Int(2, timestamp).Done());
            m.Bytes(5, new Message().Int(1, 1).Done());
            all.Add(m.Done());
        }
        var request = new Message();
        symbols.ForEach(symbol => request.Text(4, symbol));
        all.ForEach(m => request.Bytes(5, m));
        return request.Done();
    }

    public static byte[] Compress(byte[] message) => IronSnappy.Snappy.Encode(message);

    /// <summary>What a store reads.</summary>
    public static IReadOnlyList<Series> ReadV1(byte[] message) => [.. Fields(message).Where(f => f.Field == 1).Select(f => ReadSeries(f.Content))];

    public static IReadOnlyList<Series> ReadBlock(byte[] block) => ReadV1(IronSnappy.Snappy.Decode(block));

    private static Series ReadSeries(byte[] series) => new(
        [.. Fields(series).Where(f => f.Field == 1).Select(f => Fields(f.Content).ToList()).Select(f => (Encoding.UTF8.GetString(f[0].Content), Encoding.UTF8.GetString(f[1].Content)))],
        [.. Fields(series).Where(f => f.Field == 2).Select(f => Fields(f.Content).ToList()).Select(f => ((long)f[1].Number, BitConverter.UInt64BitsToDouble(f[0].Number)))]);

    private static IEnumerable<(int Field, byte[] Content, ulong Number)> Fields(byte[] message)
    {
        var at = 0;
        ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var b = message[at++];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80)
                    return value;
            }
        }
        while (at < message.Length)
        {
            var tag = Varint();
            switch (tag & 7)
            {
                case 0:
                    yield return ((int)(tag >> 3), [], Varint());
                    break;
                case 1:
                    yield return ((int)(tag >> 3), [], BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint();
                    yield return ((int)(tag >> 3), message[at..(at + length)], 0);
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }
}

/// <summary>A protobuf message being written.</summary>
public sealed class Message
{
    private readonly List<byte> bytes = [];

    public Message Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return this;
    }

    public Message Int(int field, long value) => Varint((ulong)field << 3).Varint((ulong)value);

    public Message Double(int field, double value)
    {
        Varint(((ulong)field << 3) | 1);
        bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public Message Fixed(int field, ulong value)
    {
        Varint(((ulong)field << 3) | 1);
        bytes.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public Message Bytes(int field, byte[] content)
    {
        Varint(((ulong)field << 3) | 2).Varint((ulong)content.Length);
        bytes.AddRange(content);
        return this;
    }

    public Message Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public byte[] Done() => [.. bytes];
}
