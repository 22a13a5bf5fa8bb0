using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Cost.Allocations;

namespace Fleet.Observability.Ledger;

/// <summary>What a row of costs is of, written so that equal ones have equal bytes.</summary>
internal sealed record LedgerItem(Allocation Row, string ClusterUid, string Labels, string Annotations, byte[] Digest)
{
    public static LedgerItem From(Allocation row, string clusterUid)
    {
        var properties = row.Properties;
        var labels = Sorted(properties.Labels);
        var annotations = Sorted(properties.Annotations);
        var text = JsonSerializer.SerializeToUtf8Bytes<string[]>(
        [
            clusterUid, properties.Cluster, row.Kind.ToString(), row.Name, properties.Node, properties.Namespace, properties.ControllerKind, properties.Controller,
            properties.Pod, properties.Container, string.Join(',', properties.Services), labels, annotations,
        ]);
        return new(row, clusterUid, labels, annotations, SHA256.HashData(text)[..16]);
    }

    private static string Sorted(IReadOnlyDictionary<string, string> texts) =>
        texts.Count == 0 ? "{}" : JsonSerializer.Serialize(new SortedDictionary<string, string>(texts.ToDictionary(), StringComparer.Ordinal));
}
