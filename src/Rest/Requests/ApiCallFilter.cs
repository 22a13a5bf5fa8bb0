using Fleet.Rest.Problems;
using Fleet.Rest.Audit;

using Fleet.Control.Access;

namespace Fleet.Rest.Requests;

/// <summary>
/// Around every endpoint of the admin API: an id, limits, who calls, errors as problems, audit and metrics. Handlers see only calls of known callers.
/// </summary>
public sealed partial class ApiCallFilter(
    CallerAccess access, AuditTrail audit, CallLimits limits, ApiMetrics metrics, TimeProvider clock, ILogger<ApiCallFilter> log) : IEndpointFilter
{
    public const string RequestIdHeader = "X-Request-Id";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var began = clock.GetTimestamp();
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        http.Response.Headers[RequestIdHeader] = id.ToString();
        // Answers depend on who asks, and no shared cache may keep them.
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Authorization";
        var (status, result) = await AnswerAsync(context, next, id);
        metrics.Answered(http, status, clock.GetElapsedTime(began));
        return result;
    }

    private async Task<(int Status, object? Result)> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, Guid id)
    {
        var http = context.HttpContext;
        var isWrite = !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));
        var from = http.Connection.RemoteIpAddress?.ToString();
        ApiCall? call = null;
        ProblemException problem;
        try
        {
            limits.AdmitAddress(from ?? "");
            RefuseImpersonation(http.Request);
            var caller = await access.WhoAsync(http.Request, isWrite, http.RequestAborted)
                ?? throw new ProblemException(ProblemKind.Unauthenticated, "a bearer token that the management API knows is needed");
            call = new(id, caller, from, isWrite, access, audit, clock);
            http.Features.Set(call);
            limits.AdmitCaller(caller);
            var result = await next(context);
            var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
            if (!call.IsRecorded)
                call.Note(status, null);
            return (status, result);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer any more; nginx' number for that.
            const int ClientClosedRequest = 499;
            call?.Note(ClientClosedRequest, "the caller went away");
            return (ClientClosedRequest, Results.Empty);
        }
        catch (Exception error)
        {
            problem = ProblemFrom.Exception(error) ?? Unforeseen(error, id);
        }

        if (call is null)
            audit.NoteUnknown(id, from, problem.Kind.Status, problem.Message);
        else if (!call.IsRecorded)
            call.Note(problem.Kind.Status, problem.Message);
        return (problem.Kind.Status, new ProblemResult(problem, id.ToString()));
    }

    /// <summary>Who asks to be taken for another must not be answered as themselves, as if the headers were not there.</summary>
    internal static void RefuseImpersonation(HttpRequest request)
    {
        if (request.Headers.Keys.Any(name => name.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase)))
            throw new ProblemException(ProblemKind.Invalid, "impersonation is not offered here: use a token of the other user, or the management API");
    }

    private ProblemException Unforeseen(Exception error, Guid id)
    {
        LogUnforeseen(id, error);
        // What is in the exception is for operators: it may name files or addresses.
        return new(ProblemKind.Internal, $"an unforeseen error; the log has it under {id}");
    }

    [LoggerMessage(1301, LogLevel.Error, "REST call {RequestId} failed")]
    private partial void LogUnforeseen(Guid requestId, Exception error);
}
