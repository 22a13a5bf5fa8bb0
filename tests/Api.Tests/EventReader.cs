using System.Text.Json.Nodes;

namespace Fleet.Api.Tests;

internal sealed record SeenEvent(string Name, string? Id, JsonNode? Data)
{
    public string? ObjectName => (string?)Data?["object"]?["name"] ?? (string?)Data?["name"];
}

/// <summary>Reads server-sent events as a browser does.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage response;
    private readonly StreamReader lines;

    private EventReader(HttpResponseMessage response, Stream stream)
    {
        this.response = response;
        lines = new(stream);
    }

    /// <summary>The last event id, as a browser would send it again.</summary>
    public string Id { get; private set; } = "";

    public int Heartbeats { get; private set; }

    public static async Task<EventReader> OpenAsync(HttpClient http, string path, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/watch" + path, UriKind.Relative));
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, await (response.IsSuccessStatusCode ? Task.FromResult("") : response.Content.ReadAsStringAsync()));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Null at the end of the stream.</summary>
    public async Task<SeenEvent?> NextAsync()
    {
        string? name = null, data = null;
        while (await lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length == 0)
            {
                if (data is not null)
                    return new(name ?? "message", Id, JsonNode.Parse(data));
                name = null;
            }
            else if (line.StartsWith(':'))
                Heartbeats++;
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                Id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
        }

        return null;
    }

    public async Task<List<SeenEvent>> UntilAsync(Func<SeenEvent, bool> isLast)
    {
        var all = new List<SeenEvent>();
        while (await NextAsync() is { } seen)
        {
            all.Add(seen);
            if (isLast(seen))
                return all;
        }

        throw new InvalidOperationException($"the stream ended after {string.Join(", ", all.Select(e => e.Name))}");
    }

    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
