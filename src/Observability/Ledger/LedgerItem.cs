using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Cost.Allocations;

namespace Fleet.Observability.Ledger;

/// <summary>What a row of costs is of, written so that equal ones have equal bytes.</summary>
internal sealed record LedgerItem(Allocation Row, string ClusterUid, string Labels, string Annotations, byte[] Digest)
{
    public string Key { get; } = Convert.ToHexString(Digest);

    /// <param name="written">Labels and annotations that were written before: many rows have the same.</param>
    public static LedgerItem From(Allocation row, string clusterUid, Dictionary<IReadOnlyDictionary<string, string>, string> written)
    {
        var properties = row.Properties;
        var labels = Sorted(properties.Labels, written);
        var annotations = Sorted(properties.Annotations, written);
        var text = JsonSerializer.SerializeToUtf8Bytes<string[]>(
        [
            clusterUid, properties.Cluster, row.Kind.ToString(), row.Name, properties.Node, properties.Namespace, properties.ControllerKind, properties.Controller,
            properties.Pod, properties.Container, string.Join(',', properties.Services), labels, annotations,
        ]);
        return new(row, clusterUid, labels, annotations, SHA256.HashData(text)[..16]);
    }

    private static string Sorted(IReadOnlyDictionary<string, string> texts, Dictionary<IReadOnlyDictionary<string, string>, string> written)
    {
        if (texts.Count == 0)
            return "{}";
        if (!written.TryGetValue(texts, out var json))
            written[texts] = json = JsonSerializer.Serialize(new SortedDictionary<string, string>(texts.ToDictionary(), StringComparer.Ordinal));
        return json;
    }
}
