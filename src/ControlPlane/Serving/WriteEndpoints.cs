using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>POST, PUT and DELETE.</summary>
internal static class WriteEndpoints
{
    public static async Task CreateAsync(ApiRequest request)
    {
        if (request.Target.Name is not null) throw ApiErrors.MethodNotAllowed();
        var body = await RequestBody.ReadObjectAsync(request);
        var context = request.Context();
        if (request.Kind.Namespaced && request.Target.Namespace is null)
            throw ApiErrors.BadRequest("an empty namespace may not be set during creation");
        var stored = await DecodedAsync(
            request.Kind, request.Cluster.Writer.CreateAsync(request.Kind, request.Target.Namespace, body, context, request.Aborted));
        SendWarnings(request, context);
        await ResponseBytes.WriteAsync(request, 201, request.Kind, stored);
    }

    public static async Task UpdateAsync(ApiRequest request, string? subresource)
    {
        if (request.Target.Name is null) throw ApiErrors.MethodNotAllowed();
        var body = await RequestBody.ReadObjectAsync(request);
        var context = request.Context(subresource: subresource);
        var stored = await DecodedAsync(
            request.Kind, request.Cluster.Writer.ReplaceAsync(request.Kind, request.Key, body, context, request.Aborted));
        SendWarnings(request, context);
        await ResponseBytes.WriteAsync(request, 200, request.Kind, stored);
    }

    public static async Task DeleteAsync(ApiRequest request)
    {
        var (deletion, dryRun) = await DeletionBody.ReadAsync(request);
        var context = request.Context();
        if (dryRun && !context.DryRun) context = new WriteContext { User = context.User, DryRun = true };
        var kind = request.Kind;
        var result = await request.Cluster.Deleter.DeleteAsync(kind, request.Key, deletion, context, request.Aborted);
        SendWarnings(request, context);
        if (result.Gone && kind is not { Group: "", Kind: "Pod" or "Service" or "ServiceAccount" })
            await ResponseBytes.WriteAsync(request.Http.Response, 200, StatusBody.Success(request.Key.Name, kind.Group, kind.Plural, result.Object.Uid));
        else
            await ResponseBytes.WriteAsync(request, 200, kind, result.Object);
    }

    public static async Task DeleteCollectionAsync(ApiRequest request)
    {
        var (deletion, dryRun) = await DeletionBody.ReadAsync(request);
        var kind = request.Kind;
        var (state, revision) = request.Cluster.Store.Snapshot(request.Cluster.Table(kind));
        var (items, _) = ReadEndpoints.Select(request, kind, state, null, 0);
        var context = new WriteContext { User = request.User.Name, DryRun = dryRun || request.Context().DryRun };
        var done = new List<StoredObject>(items.Count);
        foreach (var item in items)
        {
            try
            {
                done.Add((await request.Cluster.Deleter.DeleteAsync(kind, item.Key, deletion, context, request.Aborted)).Object);
            }
            catch (KubeApiException gone) when (gone.IsNotFound)
            {
                // Somebody else was faster, which is what was asked for.
                continue;
            }
        }
        await ResponseBytes.WriteListAsync(request, kind, done, revision, null, null);
    }

    private static async ValueTask<StoredObject> DecodedAsync(KindInfo kind, ValueTask<StoredObject> write)
    {
        try
        {
            return await write;
        }
        catch (KubeApiException refused) when (DecodingFailure.Of(kind, refused) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Only before anything of the body is sent.</summary>
    public static void SendWarnings(ApiRequest request, WriteContext context)
    {
        foreach (var warning in context.Warnings.Distinct().Take(20)) Warn(request, warning);
    }

    public static void Warn(ApiRequest request, string warning)
    {
        var text = new string([.. warning.Select(c => c is < ' ' or > '~' ? ' ' : c)]).Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        request.Http.Response.Headers.Append("Warning", $"299 - \"{text}\"");
    }
}
