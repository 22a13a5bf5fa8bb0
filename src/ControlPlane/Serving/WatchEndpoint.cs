using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>Opens watches, within the limit on how many there may be.</summary>
internal sealed class WatchEndpoint(int most)
{
    private int open;

    public async Task HandleAsync(ApiRequest request)
    {
        if (Interlocked.Increment(ref open) > most)
        {
            Interlocked.Decrement(ref open);
            throw ApiErrors.TooManyRequests("too many watches are open on this API server, please try again later", 5);
        }
        RequestMetrics.WatchOpened();
        try
        {
            await new WatchStream(request).RunAsync();
        }
        finally
        {
            RequestMetrics.WatchClosed();
            Interlocked.Decrement(ref open);
        }
    }
}
