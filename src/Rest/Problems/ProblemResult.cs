using System.Text.Json;
using Fleet.Contracts.Api;

namespace Fleet.Rest.Problems;

/// <summary>Writes a problem as <c>application/problem+json</c>.</summary>
public sealed class ProblemResult(ProblemException problem, string? requestId) : IResult, IStatusCodeHttpResult
{
    public const string MediaType = "application/problem+json";

    public int? StatusCode => problem.Kind.Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Kind.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (problem.Kind == ProblemKind.Unauthenticated)
            response.Headers.WWWAuthenticate = "Bearer";
        if (problem.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(Body(), RestJson.Default.Problem), httpContext.RequestAborted).AsTask();
    }

    private Problem Body() => new()
    {
        Type = problem.Kind.Type,
        Title = problem.Kind.Title,
        Status = problem.Kind.Status,
        Detail = problem.Message,
        RequestId = requestId,
        Errors = problem.Errors,
    };
}
