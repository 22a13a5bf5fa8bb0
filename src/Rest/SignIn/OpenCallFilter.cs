using Fleet.Rest.Problems;
using Fleet.Rest.Requests;

namespace Fleet.Rest.SignIn;

/// <summary>Around the few endpoints for people who are not known yet: an id, the limit of their address, errors as problems. Nothing of theirs is kept by caches.</summary>
public sealed partial class OpenCallFilter(CallLimits limits, ApiMetrics metrics, TimeProvider clock, ILogger<OpenCallFilter> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var began = clock.GetTimestamp();
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        http.Response.Headers[ApiCallFilter.RequestIdHeader] = id.ToString();
        http.Response.Headers.CacheControl = "no-store";
        object? result;
        try
        {
            limits.AdmitAddress(http.Connection.RemoteIpAddress?.ToString() ?? "");
            result = await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            result = Results.Empty;
        }
        catch (Exception error)
        {
            if (ProblemFrom.Exception(error) is not { } problem)
            {
                LogUnforeseen(id, error);
                problem = new(ProblemKind.Internal, $"an unforeseen error; the log has it under {id}");
            }

            result = new ProblemResult(problem, id.ToString());
        }

        metrics.Answered(http, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK, clock.GetElapsedTime(began));
        return result;
    }

    [LoggerMessage(1303, LogLevel.Error, "REST call {RequestId} failed")]
    private partial void LogUnforeseen(Guid requestId, Exception error);
}
