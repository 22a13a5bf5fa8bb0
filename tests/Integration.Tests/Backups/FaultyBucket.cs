using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Backups;

public enum BucketFault
{
    /// <summary>The connection breaks before the server hears of the request.</summary>
    Broken,

    /// <summary>The server does what it was asked for, and its answer is lost.</summary>
    AnswerLost,

    /// <summary>503.</summary>
    Failing,

    /// <summary>What would take up space is answered as Ceph answers over its quota.</summary>
    Full,

    /// <summary>Answered as by a server whose clock differs.</summary>
    Skewed,

    /// <summary>No answer comes.</summary>
    Silent,

    /// <summary>The answer to a GET begins, and its content does not come.</summary>
    Stalling,
}

/// <summary>Stands before a real S3 server, passes every request on as it is, and fails those that it is told to.</summary>
internal sealed class FaultyBucket : IAsyncDisposable
{
    private static readonly string[] OfTheConnection = ["Connection", "Transfer-Encoding", "Keep-Alive", "Host"];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly string behind;
    private readonly WebApplication server;
    private readonly CancellationTokenSource end = new();
    private int seen;
    private (BucketFault Fault, int First, int Last)? plan;
    private (int Number, TaskCompletionSource Reached, TaskCompletionSource LetGo)? held;

    private FaultyBucket(string behind)
    {
        this.behind = behind;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        server = builder.Build();
        server.Run(PassAsync);
    }

    /// <summary>Since the last plan.</summary>
    public int Seen => seen;

    public string Endpoint => new Uri(server.Urls.First()).Authority;

    public static async Task<FaultyBucket> StartAsync(string behind)
    {
        var faulty = new FaultyBucket(behind);
        await faulty.server.StartAsync();
        return faulty;
    }

    /// <summary>Requests are counted from 1, from now on.</summary>
    public void Fail(BucketFault fault, int first, int last = int.MaxValue) => (seen, plan) = (0, (fault, first, last));

    public void Mend() => plan = null;

    /// <summary>A server that is slow: the request of this number, counted from now on, waits until it is let go.</summary>
    public (Task Reached, Action LetGo) Hold(int number)
    {
        var (reached, letGo) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        (seen, held) = (0, (number, reached, letGo));
        return (reached.Task, () => letGo.TrySetResult());
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await server.DisposeAsync();
        http.Dispose();
        end.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref seen);
        var fault = plan is { } planned && number >= planned.First && number <= planned.Last ? planned.Fault : (BucketFault?)null;
        if (held is { } slow && slow.Number == number)
        {
            slow.Reached.TrySetResult();
            await slow.LetGo.Task.WaitAsync(context.RequestAborted);
        }

        switch (fault)
        {
            case BucketFault.Skewed:
                await RefuseAsync(context, HttpStatusCode.Forbidden, "RequestTimeTooSkewed");
                return;
            case BucketFault.Broken:
                context.Abort();
                return;
            case BucketFault.Silent:
                await StandStillAsync(context);
                return;
            case BucketFault.Failing:
                await RefuseAsync(context, HttpStatusCode.ServiceUnavailable, "SlowDown");
                return;
            case BucketFault.Full when context.Request.Method is "PUT" or "POST":
                await RefuseAsync(context, HttpStatusCode.Forbidden, "QuotaExceeded");
                return;
        }

        using var request = new HttpRequestMessage(new(context.Request.Method), $"http://{behind}{context.Request.Path.ToUriComponent()}{context.Request.QueryString}");
        if (context.Request.ContentLength > 0)
            request.Content = new StreamContent(context.Request.Body);
        else if (context.Request.Method is "PUT" or "POST")
            request.Content = new ByteArrayContent([]);
        foreach (var (name, value) in context.Request.Headers.Where(header => !OfTheConnection.Contains(header.Key) && header.Key != "Expect"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }

        // The host is signed.
        request.Headers.Host = context.Request.Host.Value;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (fault == BucketFault.AnswerLost)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Concat(response.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key)))
            context.Response.Headers[name] = value.ToArray();
        if (fault == BucketFault.Stalling && context.Request.Method == "GET")
        {
            await context.Response.Body.FlushAsync();
            await StandStillAsync(context);
            return;
        }

        if (context.Request.Method != "HEAD")
            await response.Content.CopyToAsync(context.Response.Body);
    }

    private async Task StandStillAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private static Task RefuseAsync(HttpContext context, HttpStatusCode code, string error)
    {
        context.Response.StatusCode = (int)code;
        context.Response.ContentType = "application/xml";
        return context.Request.Method == "HEAD" ? Task.CompletedTask : context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{error}</Code></Error>");
    }
}
