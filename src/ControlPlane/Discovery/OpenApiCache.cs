using System.Runtime.CompilerServices;
using System.Text;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.OpenApi;

namespace Fleet.ControlPlane.Discovery;

/// <summary>OpenAPI documents as bytes, made when first asked for. A group version is made anew only when its kinds have changed; clusters share them.</summary>
internal static class OpenApiCache
{
    private static readonly ConditionalWeakTable<KindInfo, Document> V3 = [];
    private static readonly ConditionalWeakTable<KindCatalog, byte[]> V2Documents = [];
    private static readonly ConditionalWeakTable<KindCatalog, byte[]> V2Protobuf = [];

    public static IReadOnlyDictionary<string, KindInfo[]> GroupVersionPaths(KindCatalog catalog) =>
        catalog.All.GroupBy(PathOf).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);

    public static Document V3Of(KindInfo[] kinds)
    {
        if (V3.TryGetValue(kinds[0], out var present) && present.Kinds.SequenceEqual(kinds)) return present;
        var bytes = Encoding.UTF8.GetBytes(OpenApiDocuments.V3(kinds.Select(Resource)).ToJsonString());
        var made = new Document(kinds, bytes, OpenApiDocuments.Hash(bytes));
        V3.AddOrUpdate(kinds[0], made);
        return made;
    }

    public static byte[] V2Of(KindCatalog catalog) =>
        V2Documents.GetValue(catalog, static c => Encoding.UTF8.GetBytes(OpenApiDocuments.V2(c.All.Select(Resource)).ToJsonString()));

    public static byte[] V2ProtobufOf(KindCatalog catalog) =>
        V2Protobuf.GetValue(catalog, static c => OpenApiV2Protobuf.Encode(OpenApiDocuments.V2(c.All.Select(Resource))));

    private static string PathOf(KindInfo kind) => kind.Group.Length == 0 ? $"api/{kind.Version}" : $"apis/{kind.Group}/{kind.Version}";

    private static OpenApiResource Resource(KindInfo kind) => new(
        kind.Resource, kind.Custom is null ? kind.Schema : null, kind.Custom?.OpenApiSchema, kind.HasStatus, kind.Subresources.Contains("scale"));

    internal sealed record Document(KindInfo[] Kinds, byte[] Bytes, string Hash);
}
