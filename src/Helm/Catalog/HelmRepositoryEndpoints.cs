using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Fleet.Helm.Catalog;

public static class HelmRepositoryEndpoints
{
    /// <summary>Serves a folder made by <see cref="CatalogFolder"/> as a Helm repository: <c>PATH/index.yaml</c> and <c>PATH/NAME-VERSION.tgz</c>, with ETags.</summary>
    public static IEndpointConventionBuilder MapHelmRepository(this IEndpointRouteBuilder endpoints, string path, string folder)
    {
        var root = Path.GetFullPath(folder);
        return endpoints.MapGet(path.TrimEnd('/') + "/{file}", (string file, CancellationToken ct) => FileAsync(root, file, ct)).ExcludeFromDescription();
    }

    private static async Task<IResult> FileAsync(string root, string file, CancellationToken ct)
    {
        var isArchive = file.EndsWith(".tgz", StringComparison.Ordinal);
        // One path segment without separators: nothing outside the folder can be named.
        if ((!isArchive && file != CatalogFolder.IndexName) || Path.GetFileName(file) != file) return Results.NotFound();
        var path = Path.Combine(root, file);
        if (!File.Exists(path)) return Results.NotFound();
        var bytes = await File.ReadAllBytesAsync(path, ct);
        var tag = new EntityTagHeaderValue("\"" + Convert.ToHexStringLower(SHA256.HashData(bytes))[..32] + "\"");
        return Results.Bytes(bytes, isArchive ? "application/gzip" : "application/yaml", entityTag: tag);
    }
}
