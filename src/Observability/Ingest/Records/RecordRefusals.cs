namespace Fleet.Observability.Ingest.Records;

/// <summary>Records of one request that are not kept, by reason.</summary>
internal sealed class RecordRefusals
{
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);

    public int Total => counts.Values.Sum();

    public void Add(string reason) => counts[reason] = counts.GetValueOrDefault(reason) + 1;

    public override string ToString() => string.Join("; ", counts.Select(one => $"{one.Key}: {one.Value}"));
}
