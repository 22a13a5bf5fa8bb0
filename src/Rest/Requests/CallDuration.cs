namespace Fleet.Rest.Requests;

/// <summary>Around endpoints that answer in ways of their own, without <see cref="ApiCallFilter"/>: their calls are measured as all others.</summary>
public sealed class CallDuration(ApiMetrics metrics, TimeProvider clock) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var began = clock.GetTimestamp();
        // The status is known when the answer is written, and what streams is over then.
        http.Response.OnCompleted(() =>
        {
            metrics.Answered(http, http.Response.StatusCode, clock.GetElapsedTime(began));
            return Task.CompletedTask;
        });
        return next(context);
    }
}
