using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Watching;

/// <summary>One watch: a stream of lines of JSON. Holds a pooled buffer of the size of its largest event and no thread.</summary>
internal sealed class WatchStream<T> : IAsyncDisposable where T : class, IKubernetesObject
{
    /// <summary>Many times what etcd stores in one object.</summary>
    private const int LargestEvent = 32 * 1024 * 1024;

    /// <summary>The server ends the watch by itself; when it has not after this long past its time, the connection is dead.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage response;
    private readonly Stream stream;
    private readonly ObjectCodec<T> codec;
    private readonly CancellationTokenSource overdue;
    private readonly CancellationTokenRegistration givenUp;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int start;
    private int end;
    private int searched;

    private WatchStream(HttpResponseMessage response, Stream stream, ObjectCodec<T> codec, CancellationTokenSource overdue, CancellationToken givenUp)
    {
        (this.response, this.stream, this.codec, this.overdue) = (response, stream, codec, overdue);
        this.givenUp = Cancelling(overdue, givenUp);
    }

    internal static async Task<WatchStream<T>> OpenAsync(KubeHttpPipeline pipeline, ObjectCodec<T> codec, WatchOptions options, CancellationToken ct)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(options.Timeout.TotalSeconds));
        var query = ResourcePath.Query(
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", seconds.ToString(CultureInfo.InvariantCulture)),
            ("labelSelector", options.LabelSelector),
            ("fieldSelector", options.FieldSelector),
            ("resourceVersion", options.ResourceVersion));
        var givenUp = pipeline.GivenUp;
        var response = await pipeline.OpenAsync(ApiRequest.Get(codec.Kind.CollectionPath(options.Namespace) + query) with { Accept = codec.Accept }, ct);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(ct);
            return new(response, stream, codec, new(TimeSpan.FromSeconds(seconds) + Grace, pipeline.Clock), givenUp);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Null when the server has ended the watch.</summary>
    internal async ValueTask<WatchEvent<T>?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = buffer.AsMemory(start, searched + newline - start);
                start = searched = searched + newline + 1;
                if (line.Span.Trim(" \r\t"u8).Length == 0)
                    continue;
                return Decode(line.Span);
            }

            searched = end;
            MakeRoom();
            int read;
            try
            {
                read = await ReadMoreAsync(ct);
            }
            catch (Exception e) when (e is IOException or HttpRequestException || e is OperationCanceledException && !ct.IsCancellationRequested)
            {
                throw new KubeApiException(0, "WatchBroken", "the watch broke off", null, e);
            }

            if (read > 0)
            {
                end += read;
                continue;
            }

            // kube-apiserver ends every event with a newline, so what is left over was cut off.
            return buffer.AsSpan(start, end - start).Trim(" \r\t"u8).Length == 0
                ? null
                : throw new KubeApiException(0, "WatchBroken", "the watch broke off in the middle of an event");
        }
    }

    private async ValueTask<int> ReadMoreAsync(CancellationToken ct)
    {
        // Linking costs an allocation per read; the common case, data that is already there, avoids neither, so the caller's token only disposes.
        await using var abort = Cancelling(overdue, ct);
        return await stream.ReadAsync(buffer.AsMemory(end), overdue.Token);
    }

    private static CancellationTokenRegistration Cancelling(CancellationTokenSource overdue, CancellationToken ct)
        => ct.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), overdue);

    private void MakeRoom()
    {
        if (end < buffer.Length)
            return;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
        }
        else
        {
            if (buffer.Length >= LargestEvent)
                throw new KubeApiException(0, KubeApiException.UnreadableAnswer, $"an event is larger than {LargestEvent} bytes");
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        (end, searched, start) = (end - start, searched - start, 0);
    }

    private WatchEvent<T> Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return DecodeEvent(line);
        }
        catch (JsonException e)
        {
            throw new KubeApiException(0, KubeApiException.UnreadableAnswer, $"an event cannot be read: {e.Message}", null, e);
        }
    }

    private WatchEvent<T> DecodeEvent(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        string? type = null;
        T? item = null;
        var objectAt = -1;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("an event must be an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = reader.GetString();
            }
            else if (reader.ValueTextEquals("object"u8) && type is not null and not "ERROR")
            {
                reader.Read();
                item = codec.Read(ref reader);
            }
            else
            {
                // Servers write the type first; when one does not, or it is an error, the object is decoded once the type is known.
                var isObject = reader.ValueTextEquals("object"u8);
                reader.Read();
                if (isObject)
                    objectAt = (int)reader.TokenStartIndex;
                reader.Skip();
            }
        }

        if (type == "ERROR" && objectAt >= 0)
            throw ErrorOf(line[objectAt..]);
        if (item is null && objectAt >= 0)
            item = codec.Read(line[objectAt..]);
        var kind = type switch
        {
            "ADDED" => WatchEventType.Added,
            "MODIFIED" => WatchEventType.Modified,
            "DELETED" => WatchEventType.Deleted,
            "BOOKMARK" => WatchEventType.Bookmark,
            _ => throw new JsonException("an event has a type that is not known"),
        };
        if (item is null)
            throw new JsonException("an event has no object");
        return new(kind, item, item.Metadata.ResourceVersion ?? "");
    }

    private static KubeApiException ErrorOf(ReadOnlySpan<byte> rest)
    {
        var reader = new Utf8JsonReader(rest);
        reader.Read();
        reader.Skip();
        return ApiStatus.ToException(ApiStatus.TryParse(rest[..(int)reader.BytesConsumed]), 500, null);
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        response.Dispose();
        await givenUp.DisposeAsync();
        overdue.Dispose();
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref buffer, []));
    }
}
