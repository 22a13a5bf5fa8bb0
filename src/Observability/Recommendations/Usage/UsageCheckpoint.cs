using Fleet.Cost.Rightsizing;

namespace Fleet.Observability.Recommendations.Usage;

/// <summary>A <see cref="UsageBook"/> as bytes: some 500 for each container. A later version, or bytes that are torn, begin anew: what is lost is days of confidence, not data.</summary>
internal static class UsageCheckpoint
{
    /// <summary>Has memory by hour as well, which version 1 did not know.</summary>
    private const byte Version = 2;

    public static byte[] Write(UsageBook book)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(book.Containers.Count);
        foreach (var (key, usage) in book.Containers)
        {
            foreach (var text in (string[])[key.Namespace, key.Kind, key.Controller, key.Container])
                writer.Write(text);
            Write(writer, usage.Save());
        }
        writer.Write(book.UnusedSince.Count);
        foreach (var (asset, since) in book.UnusedSince)
        {
            writer.Write(asset);
            Write(writer, since);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Null for what is no checkpoint of this version.</summary>
    public static UsageBook? Read(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            var version = reader.ReadByte();
            if (version is not (1 or Version))
                return null;
            var book = new UsageBook();
            for (var left = Count(reader, UsageBook.MostContainers); left > 0; left--)
            {
                var key = new WorkloadContainer(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
                book.Restore(key, new ContainerUsage(ReadUsage(reader, version)));
            }
            for (var left = Count(reader, int.MaxValue); left > 0; left--)
                book.RestoreUnused(reader.ReadString(), ReadTime(reader) ?? default);
            return book;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static void Write(BinaryWriter writer, ContainerUsageState state)
    {
        Write(writer, state.Cpu);
        Write(writer, state.Memory);
        Write(writer, state.FirstSample);
        Write(writer, state.LastSample);
        writer.Write(state.Samples);
        writer.Write(state.FilledSamples);
        writer.Write(state.OutOfMemoryKills);
        Write(writer, state.LastKill);
        Write(writer, state.IntervalEnd);
        writer.Write(state.Peak);
        writer.Write(state.Peaks.Day);
        Write(writer, state.Peaks.Cpu);
        Write(writer, state.Peaks.Memory);
        Write(writer, state.Hours);
        Write(writer, state.MemoryHours);
    }

    private static ContainerUsageState ReadUsage(BinaryReader reader, byte version) => new(
        ReadHistogram(reader), ReadHistogram(reader), ReadTime(reader), ReadTime(reader), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(),
        ReadTime(reader), ReadTime(reader), reader.ReadDouble(), new(reader.ReadInt32(), ReadFloats(reader), ReadFloats(reader)), ReadHours(reader), version > 1 ? ReadHours(reader) : HourProfileState.Nothing);

    private static void Write(BinaryWriter writer, HourProfileState state)
    {
        Write(writer, state.Means);
        Write(writer, state.Days);
        writer.Write(state.Hour);
        writer.Write(state.Sum);
        writer.Write(state.Count);
    }

    private static HourProfileState ReadHours(BinaryReader reader) => new(ReadFloats(reader), ReadFloats(reader), reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt32());

    private static void Write(BinaryWriter writer, HistogramState state)
    {
        writer.Write(state.Reference.UtcTicks);
        writer.Write((ushort)state.First);
        writer.Write((ushort)state.Weights.Count);
        foreach (var weight in state.Weights)
            writer.Write(weight);
    }

    private static HistogramState ReadHistogram(BinaryReader reader)
    {
        var (reference, first) = (new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero), reader.ReadUInt16());
        var weights = new double[reader.ReadUInt16()];
        for (var at = 0; at < weights.Length; at++)
            weights[at] = reader.ReadDouble();
        return new(reference, first, weights);
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<float> values)
    {
        writer.Write((byte)values.Count);
        foreach (var value in values)
            writer.Write(value);
    }

    private static float[] ReadFloats(BinaryReader reader)
    {
        var values = new float[reader.ReadByte()];
        for (var at = 0; at < values.Length; at++)
            values[at] = reader.ReadSingle();
        return values;
    }

    private static void Write(BinaryWriter writer, DateTimeOffset? time) => writer.Write(time?.UtcTicks ?? -1);

    private static DateTimeOffset? ReadTime(BinaryReader reader) => reader.ReadInt64() is >= 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static int Count(BinaryReader reader, int most) => reader.ReadInt32() is >= 0 and var count && count <= most ? count : throw new FormatException("a number that can not be");
}
