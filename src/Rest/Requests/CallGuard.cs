using Fleet.Control.Access;
using Fleet.Rest.Audit;
using Fleet.Rest.Problems;

namespace Fleet.Rest.Requests;

/// <summary>
/// Around endpoints that ask who calls by themselves, since their answers have the form of OpenCost or Prometheus: the id, limits and audit that
/// <see cref="ApiCallFilter"/> gives the others. Whoever is not known is let through to the endpoint, which refuses in its own form.
/// </summary>
public sealed partial class CallGuard(
    CallerAccess access, AuditTrail audit, CallLimits limits, TimeProvider clock, ILogger<CallGuard> log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        http.Response.Headers[ApiCallFilter.RequestIdHeader] = id.ToString();
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Authorization";
        try
        {
            return await AnswerAsync(context, next, id);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception error)
        {
            return new ProblemResult(ProblemFrom.Exception(error) ?? Unforeseen(error, id), id.ToString());
        }
    }

    /// <summary>No database can look for them, and that is not its failure.</summary>
    private static void RefuseZeros(HttpRequest request)
    {
        if (request.Query.FirstOrDefault(parameter => parameter.Key.Contains('\0', StringComparison.Ordinal) || parameter.Value.Any(value => value?.Contains('\0', StringComparison.Ordinal) == true)) is { Key: { } name })
            throw ProblemException.Invalid("?" + name.Replace("\0", "", StringComparison.Ordinal), "must not hold a zero character");
        if (request.RouteValues.FirstOrDefault(value => value.Value is string text && text.Contains('\0', StringComparison.Ordinal)) is { Key: { } part })
            throw ProblemException.Invalid(part, "must not hold a zero character");
    }

    private static int StatusOf(object? result) => (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;

    private async Task<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, Guid id)
    {
        var http = context.HttpContext;
        var from = http.Connection.RemoteIpAddress?.ToString();
        limits.AdmitAddress(from ?? "");
        ApiCallFilter.RefuseImpersonation(http.Request);
        RefuseZeros(http.Request);
        var caller = await access.WhoAsync(http.Request, fresh: false, http.RequestAborted);
        if (caller is null)
        {
            var refusal = await next(context);
            audit.NoteUnknown(id, from, StatusOf(refusal), "a bearer token that the management API knows is needed");
            return refusal;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<HasOwnLimits>() is null)
            limits.AdmitCaller(caller);
        var entry = Entry(http, id, caller, from);
        return http.GetEndpoint()?.Metadata.GetMetadata<ChangesSomething>() is null
            ? await ReadAsync(context, next, entry)
            : await WriteAsync(context, next, entry);
    }

    private async Task<object?> ReadAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, AuditEntry entry)
    {
        var result = await next(context);
        audit.Note(Ended(entry, StatusOf(result)));
        return result;
    }

    /// <summary>Recorded before it is done, or nothing is done; the handler asks for the right.</summary>
    private async Task<object?> WriteAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, AuditEntry entry)
    {
        await audit.BeginAsync(entry, context.HttpContext.RequestAborted);
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            var result = await next(context);
            status = StatusOf(result);
            return result;
        }
        finally
        {
            await audit.CompleteAsync(Ended(entry, status));
        }
    }

    private static AuditEntry Ended(AuditEntry entry, int status) => entry with { Outcome = ApiCall.OutcomeOf(status), Status = status };

    private AuditEntry Entry(HttpContext http, Guid id, Caller caller, string? from) => new()
    {
        RequestId = id,
        Time = clock.GetUtcNow(),
        User = caller.Name,
        Uid = caller.Uid,
        Groups = caller.Groups,
        From = from,
        Verb = VerbOf(http),
        Resource = ResourceOf((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? ""),
        Namespace = http.Request.RouteValues["namespace"] as string ?? (http.Request.Query["namespace"] is [{ Length: > 0 and <= 63 } named] ? named : null),
        Name = http.Request.RouteValues["name"] as string,
        Outcome = AuditOutcome.Started,
    };

    private static string VerbOf(HttpContext http) => (http.GetEndpoint()?.Metadata.GetMetadata<ChangesSomething>(), http.Request.Method) switch
    {
        (null, _) => "get",
        (_, "POST") => "create",
        (_, "DELETE") => "delete",
        _ => "patch",
    };

    /// <summary><c>/api/v1/receivers/{namespace}/{name}/test</c> is <c>receivers/test</c>.</summary>
    private static string ResourceOf(string pattern) => string.Join('/', pattern.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(step => step is not ("api" or "v1") && step[0] != '{'));

    private ProblemException Unforeseen(Exception error, Guid id)
    {
        LogUnforeseen(id, error);
        return new(ProblemKind.Internal, $"an unforeseen error; the log has it under {id}");
    }

    [LoggerMessage(1302, LogLevel.Error, "REST call {RequestId} failed")]
    private partial void LogUnforeseen(Guid requestId, Exception error);
}

/// <summary>The endpoint changes something when it is called: that is in the audit before it happens.</summary>
public sealed record ChangesSomething;

/// <summary>The endpoint bounds its calls by itself: a dashboard asks for many things at once for many people.</summary>
public sealed record HasOwnLimits;
