using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Printing;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>Sends JSON: trees, and stored bytes as they are.</summary>
internal static class ResponseBytes
{
    /// <summary>As upstream: below this, compressing costs more than it saves.</summary>
    private const int CompressFrom = 128 << 10;

    public static async Task WriteAsync(HttpResponse response, int code, JsonNode body)
    {
        using var buffer = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(buffer, ObjectBytes.WriterOptions)) body.WriteTo(writer);
        await WriteAsync(response, code, buffer.GetBuffer().AsMemory(0, (int)buffer.Length), "application/json");
    }

    public static async Task WriteAsync(HttpResponse response, int code, ReadOnlyMemory<byte> body, string type)
    {
        response.StatusCode = code;
        response.ContentType = type;
        if (body.Length >= CompressFrom && TakesGzip(response.HttpContext.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Vary = "Accept-Encoding";
            await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(body);
            return;
        }
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body);
    }

    public static Task WriteFailureAsync(HttpResponse response, KubeApiException failure)
    {
        if (failure.Details?.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(response, failure.Code, StatusBody.Failure(failure));
    }

    /// <summary>One object in the form that the request accepts.</summary>
    public static Task WriteAsync(ApiRequest request, int code, KindInfo kind, StoredObject stored)
    {
        var response = request.Http.Response;
        switch (AcceptHeader.Read(request.Http.Request.Headers.Accept))
        {
            case Representation.Table:
                return WriteAsync(response, code, TableDocument.Of(kind, [stored], stored.Revision, request.Query("includeObject"), request.Cluster.Settings.Clock));
            case Representation.PartialMetadata:
                return WriteAsync(response, code, PartialMetadata.Of(stored));
            default:
                response.StatusCode = code;
                response.ContentType = "application/json";
                var pipe = response.BodyWriter;
                if (kind.ApiVersion == kind.StorageApiVersion) response.ContentLength = stored.Json.Length;
                WriteObject(pipe, kind, stored);
                return pipe.FlushAsync(request.Aborted).AsTask();
        }
    }

    /// <summary>The bytes of one object; parsed only where the served version has another shape than the stored one.</summary>
    public static void WriteObject(IBufferWriter<byte> target, KindInfo kind, StoredObject stored)
    {
        if (kind.ApiVersion == kind.StorageApiVersion)
        {
            target.Write(stored.Json);
        }
        else if (KindConversion.IsHeadOnly(kind))
        {
            target.Write(kind.Head);
            target.Write(stored.Tail);
        }
        else
        {
            var body = stored.Parse();
            KindConversion.FromStorage(kind, body);
            target.Write(JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJson.Default.JsonObject));
        }
    }

    /// <summary>A list: stored bytes between a head and a tail.</summary>
    public static async Task WriteListAsync(ApiRequest request, KindInfo kind, IReadOnlyList<StoredObject> items, long revision, string? next, long? remaining)
    {
        var response = request.Http.Response;
        response.ContentType = "application/json";
        var head = new StringBuilder($"{{\"kind\":\"{kind.ListKind}\",\"apiVersion\":\"{kind.ApiVersion}\",\"metadata\":{{\"resourceVersion\":\"{revision}\"");
        if (next is not null) head.Append($",\"continue\":\"{next}\"");
        if (next is not null && remaining is { } count) head.Append($",\"remainingItemCount\":{count}");
        head.Append("},\"items\":[");

        long size = head.Length + 3;
        foreach (var item in items) size += item.Json.Length + 1;
        if (size < CompressFrom || !TakesGzip(request.Http.Request))
        {
            await WriteItemsAsync(response.BodyWriter, head.ToString(), kind, items, request.Aborted);
            return;
        }
        response.Headers.ContentEncoding = "gzip";
        response.Headers.Vary = "Accept-Encoding";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        var pipe = PipeWriter.Create(gzip, new StreamPipeWriterOptions(leaveOpen: true));
        await WriteItemsAsync(pipe, head.ToString(), kind, items, request.Aborted);
        await pipe.CompleteAsync();
    }

    private static async Task WriteItemsAsync(PipeWriter pipe, string head, KindInfo kind, IReadOnlyList<StoredObject> items, CancellationToken ct)
    {
        const int FlushAfter = 256 << 10;
        Encoding.ASCII.GetBytes(head, pipe);
        var pending = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) pipe.Write(","u8);
            WriteObject(pipe, kind, items[i]);
            pending += items[i].Json.Length;
            if (pending < FlushAfter) continue;
            pending = 0;
            await pipe.FlushAsync(ct);
        }
        pipe.Write("]}\n"u8);
        await pipe.FlushAsync(ct);
    }

    private static bool TakesGzip(HttpRequest request) => request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
}
