using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>
/// What of one request is taken, already as the remote write 1.0 request that goes to the store: series of the cluster with its identity labels. A series that breaks a
/// rule is left out and counted; the others are not harmed by it.
/// </summary>
internal sealed class AcceptedSamples(ClusterIdentity cluster, SampleLimits limits, ActiveSeries active, DateTimeOffset now) : IDisposable
{
    private readonly long oldest = limits.OldestSample is { } age ? (now - age).ToUnixTimeMilliseconds() : long.MinValue;
    private readonly long newest = (now + limits.NewestSample).ToUnixTimeMilliseconds();
    private readonly List<Sample> kept = [];
    private readonly List<HistogramPlace> keptHistograms = [];
    private int seenSeries;
    private int seenSamples;

    /// <summary>A prometheus.WriteRequest, without compression.</summary>
    public PooledBytes Body { get; } = new();

    public SampleLimits Limits => limits;

    public ClusterIdentity Cluster => cluster;

    public Refusals Refusals { get; } = new();

    public int Series { get; private set; }

    public int Samples { get; private set; }

    public int Histograms { get; private set; }

    public int Exemplars { get; private set; }

    public long OldestTimestamp { get; private set; } = long.MaxValue;

    public void Dispose() => Body.Dispose();

    /// <summary>Called for each sample that is read, before it is kept anywhere: a payload of empty messages must not become a hundred times as much memory.</summary>
    /// <exception cref="PayloadTooLargeException">There are more than one request may have.</exception>
    public void CountSample()
    {
        if (++seenSamples > limits.SamplesPerRequest)
            throw new PayloadTooLargeException($"more than {limits.SamplesPerRequest} samples in one request");
    }

    /// <summary>Where the labels of the cluster belong among those of a series that was taken before and is still active; null for any other.</summary>
    /// <param name="hash">Of its labels as they came.</param>
    public int? Splice(ulong hash) => active.Splice(hash, now);

    /// <summary>Takes a series whose labels were found right when it came before: they go on as they are, with those of the cluster between them.</summary>
    /// <param name="head">The labels as they came.</param>
    /// <returns>False when something about its samples has to be looked at in detail; then nothing was taken.</returns>
    /// <exception cref="PayloadTooLargeException">There are more than one request may have.</exception>
    public bool AddKnown(ReadOnlySpan<byte> head, int splice, SeriesBuffer series)
    {
        if (seenSeries >= limits.SeriesPerRequest || series.Samples.Length > limits.SamplesPerRequest - seenSamples)
            return false;
        var size = head.Length + cluster.Fields.Length;
        var last = long.MinValue;
        foreach (var sample in series.Samples)
        {
            if (sample.Timestamp < oldest || sample.Timestamp > newest || (sample.Timestamp <= last && last != long.MinValue))
                return false;
            last = sample.Timestamp;
            size += ProtoFields.SizeOfBytes(SizeOf(sample));
        }
        if (series.Samples.IsEmpty || Body.Length + (long)size > 2L * limits.DecodedBytes)
            return false;

        seenSeries++;
        seenSamples += series.Samples.Length;
        var to = Body.GetSpan(ProtoFields.SizeOfBytes(size));
        var at = ProtoFields.WriteHead(to, 1, size);
        head[..splice].CopyTo(to[at..]);
        at += splice;
        cluster.Fields.CopyTo(to[at..]);
        at += cluster.Fields.Length;
        head[splice..].CopyTo(to[at..]);
        at += head.Length - splice;
        foreach (var sample in series.Samples)
            at += Write(sample, to[at..]);
        Body.Advance(at);
        Series++;
        Samples += series.Samples.Length;
        return true;
    }

    /// <param name="payload">What the places of the series refer to.</param>
    /// <exception cref="PayloadTooLargeException">There are more than one request may have.</exception>
    public void Add(ReadOnlySpan<byte> payload, SeriesBuffer series)
    {
        if (++seenSeries > limits.SeriesPerRequest)
            throw new PayloadTooLargeException($"more than {limits.SeriesPerRequest} series in one request");
        if (series.Samples.IsEmpty && series.Histograms.IsEmpty)
            return;
        if (SeriesRules.Check(payload, series, limits) is { } reason)
        {
            Refusals.Add(reason, series.Samples.Length + series.Histograms.Length, SeriesRules.MetricName(payload, series));
            return;
        }
        ChooseSamples(payload, series);
        ChooseHistograms(payload, series);
        if (kept.Count > 0 || keptHistograms.Count > 0)
            Write(payload, series);
    }

    private void ChooseSamples(ReadOnlySpan<byte> payload, SeriesBuffer series)
    {
        kept.Clear();
        foreach (var sample in series.Samples)
        {
            if (Refusal(sample.Timestamp) is { } reason)
                Refusals.Add(reason, 1, SeriesRules.MetricName(payload, series));
            else if (kept.Count == 0 || sample.Timestamp > kept[^1].Timestamp)
                kept.Add(sample);
            else if (sample.Timestamp < kept[^1].Timestamp)
                Refusals.Add(RefusalReason.OutOfOrder, 1, SeriesRules.MetricName(payload, series));
            else if (sample.Bits != kept[^1].Bits)
                Refusals.Add(RefusalReason.DuplicatedTimestamp, 1, SeriesRules.MetricName(payload, series));
        }
    }

    private void ChooseHistograms(ReadOnlySpan<byte> payload, SeriesBuffer series)
    {
        keptHistograms.Clear();
        foreach (var histogram in series.Histograms)
        {
            if ((limits.NativeHistograms ? Refusal(histogram.Timestamp) : RefusalReason.NativeHistogram) is { } reason)
                Refusals.Add(reason, 1, SeriesRules.MetricName(payload, series));
            else
                keptHistograms.Add(histogram);
        }
    }

    private RefusalReason? Refusal(long timestamp) =>
        timestamp < oldest ? RefusalReason.TooOld : timestamp > newest ? RefusalReason.InTheFuture : null;

    private void Write(ReadOnlySpan<byte> payload, SeriesBuffer series)
    {
        var before = Body.Length;
        var labels = SizeOfLabels(payload, series, out var replaced);
        var size = labels;
        foreach (var sample in kept)
            size += ProtoFields.SizeOfBytes(SizeOf(sample));
        foreach (var exemplar in series.Exemplars)
            size += ProtoFields.SizeOfBytes(exemplar.Field.Length);
        foreach (var histogram in keptHistograms)
            size += ProtoFields.SizeOfBytes(histogram.Length);
        // A symbol of remote write 2.0 is sent once and may be referred to by every series: what is small as it comes can be huge as it goes on.
        if (before + (long)size > 2L * limits.DecodedBytes)
            throw new PayloadTooLargeException($"the request is more than {2L * limits.DecodedBytes} bytes when written as remote write 1.0");

        var to = Body.GetSpan(ProtoFields.SizeOfBytes(size));
        var at = ProtoFields.WriteHead(to, 1, size);
        var splice = WriteLabels(payload, series, replaced, to.Slice(at, labels));
        // What came in one piece is known by that, so it need not be put together to be found; and it can go on as it came when it is no longer than it must be: then there is nothing else in it.
        if (!active.Admit(series.Head?.Hash ?? SeriesHash.Of(to.Slice(at, labels)), series.Head is { } head && labels == head.Length + cluster.Fields.Length ? splice : null, SeriesRules.MetricName(payload, series), now))
        {
            Refusals.Add(RefusalReason.ActiveSeriesLimit, kept.Count + keptHistograms.Count, SeriesRules.MetricName(payload, series));
            Body.Truncate(before);
            return;
        }
        at += labels;
        foreach (var sample in kept)
            at += Write(sample, to[at..]);
        foreach (var exemplar in series.Exemplars)
            at += ProtoFields.WriteBytes(to[at..], 3, exemplar.Field);
        foreach (var histogram in keptHistograms)
        {
            at += ProtoFields.WriteBytes(to[at..], 4, payload.Slice(histogram.Start, histogram.Length));
            OldestTimestamp = Math.Min(OldestTimestamp, histogram.Timestamp);
        }
        Body.Advance(at);
        Series++;
        Samples += kept.Count;
        Histograms += keptHistograms.Count;
        Exemplars += series.Exemplars.Length;
    }

    private int Write(Sample sample, Span<byte> to)
    {
        OldestTimestamp = Math.Min(OldestTimestamp, sample.Timestamp);
        var at = ProtoFields.WriteHead(to, 2, SizeOf(sample));
        at += ProtoFields.WriteDouble(to[at..], 1, sample.Bits);
        return at + ProtoFields.WriteInt64(to[at..], 2, sample.Timestamp);
    }

    private static int SizeOf(Sample sample) => 10 + ProtoFields.SizeOfVarint((ulong)sample.Timestamp);

    /// <param name="replaced">A bit for each label of the sender that has the name of an identity label.</param>
    private int SizeOfLabels(ReadOnlySpan<byte> payload, SeriesBuffer series, out UInt128 replaced)
    {
        replaced = 0;
        var size = 0;
        foreach (var own in cluster.Labels)
            size += own.Field.Length;
        for (var i = 0; i < series.Labels.Length; i++)
        {
            var label = series.Labels[i];
            if (IsIdentity(payload.Slice(label.Name, label.NameLength)))
                replaced |= UInt128.One << i;
            else
                size += ProtoFields.SizeOfBytes(SizeOf(label));
        }
        return size;
    }

    private bool IsIdentity(ReadOnlySpan<byte> name)
    {
        foreach (var own in cluster.Labels)
            if (name.SequenceEqual(own.Name))
                return true;
        return false;
    }

    /// <returns>Where in the sender's labels those of the cluster belong; null when they do not stand together, or replace one of the sender's.</returns>
    private int? WriteLabels(ReadOnlySpan<byte> payload, SeriesBuffer series, UInt128 replaced, Span<byte> to)
    {
        int at = 0, own = 0;
        int? splice = null;
        var isTogether = replaced == 0;
        for (var i = 0; i < series.Labels.Length; i++)
        {
            if ((replaced >> i & 1) != 0)
                continue;
            var label = series.Labels[i];
            var name = payload.Slice(label.Name, label.NameLength);
            var before = own;
            for (; own < cluster.Labels.Length && name.SequenceCompareTo(cluster.Labels[own].Name) > 0; own++)
            {
                splice ??= at;
                at += Copy(cluster.Labels[own].Field, to[at..]);
            }
            isTogether &= own == before || own - before == cluster.Labels.Length;
            at += ProtoFields.WriteHead(to[at..], 1, SizeOf(label));
            at += ProtoFields.WriteBytes(to[at..], 1, name);
            at += ProtoFields.WriteBytes(to[at..], 2, payload.Slice(label.Value, label.ValueLength));
        }
        isTogether &= own == 0 || own == cluster.Labels.Length;
        for (; own < cluster.Labels.Length; own++)
        {
            splice ??= at;
            at += Copy(cluster.Labels[own].Field, to[at..]);
        }
        return isTogether ? splice : null;
    }

    private static int SizeOf(LabelPlace label) => ProtoFields.SizeOfBytes(label.NameLength) + ProtoFields.SizeOfBytes(label.ValueLength);

    private static int Copy(byte[] from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }
}
