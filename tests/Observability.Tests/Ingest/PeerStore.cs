using Microsoft.AspNetCore.Http;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>A store that takes remote write.</summary>
public sealed class PeerStore : Peer<Series>
{
    /// <summary>Status code for what was sent; the default takes everything.</summary>
    public Func<IReadOnlyList<Series>, HttpResponse, int> Answer { get; set; } = (_, _) => 204;

    /// <summary>No answer before it completes.</summary>
    public Task Before { get; set; } = Task.CompletedTask;

    public static async Task<PeerStore> StartAsync()
    {
        var peer = new PeerStore();
        await peer.ServeAsync("/api/v1/write");
        return peer;
    }

    protected override async Task<IReadOnlyList<Series>> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return WriteRequests.ReadBlock(body.ToArray());
    }

    protected override async Task<int> DecideAsync(IReadOnlyList<Series> sent, HttpContext context)
    {
        await Before.WaitAsync(context.RequestAborted);
        return Answer(sent, context.Response);
    }
}
