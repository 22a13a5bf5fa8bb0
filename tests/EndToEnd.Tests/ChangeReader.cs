using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Fleet.EndToEnd.Tests;

/// <summary>
/// Follows the stream of changes of clusters as the console does: at any replica, and when that one ends or says nothing for longer than its heart beats, at the next one by the last id.
/// </summary>
internal sealed class ChangeReader : IAsyncDisposable
{
    /// <summary>A heartbeat comes every fifteen seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<Uri> replicas;
    private readonly string token;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<(string Cluster, string Version)> seen = [];
    private readonly Task following;
    private string lastId = "";

    /// <param name="replicas">Where to ask, in this order and from the beginning again.</param>
    /// <param name="token">Of who may look into the namespace <c>team</c>.</param>
    public ChangeReader(IReadOnlyList<Uri> replicas, string token)
    {
        (this.replicas, this.token) = (replicas, token);
        following = FollowAsync();
    }

    /// <summary>How often another replica was asked.</summary>
    public int Moves { get; private set; }

    /// <summary>Each change, in the order in which it was told: the cluster and its version.</summary>
    public IReadOnlyList<(string Cluster, string Version)> Seen
    {
        get
        {
            lock (gate)
                return [.. seen];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await following;
        stop.Dispose();
    }

    private async Task FollowAsync()
    {
        for (var next = 0; !stop.IsCancellationRequested; next++)
        {
            Moves = next;
            try
            {
                using var http = new HttpClient { BaseAddress = replicas[next % replicas.Count] };
                await ReadAsync(http);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or TimeoutException)
            {
                // It is gone, frozen, or about to go.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/watch?kinds=clusters&namespace=team", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (lastId.Length > 0)
            request.Headers.Add("Last-Event-ID", lastId);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).WaitAsync(Patience);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop.Token));
        while (await lines.ReadLineAsync(stop.Token).AsTask().WaitAsync(Patience) is { } line)
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                lastId = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line[6..])!["object"] is JsonObject cluster)
                lock (gate)
                    seen.Add(((string)cluster["name"]!, (string)cluster["resourceVersion"]!));
    }
}
