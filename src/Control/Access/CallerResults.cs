using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Control.Access;

/// <summary>Answers REST calls as the caller: 401, 403 and failures of the management API are problem+json, the rest is up to the endpoint.</summary>
public static class CallerResults
{
    /// <param name="resource">What RBAC is asked about.</param>
    /// <param name="namespace">Empty: all namespaces.</param>
    /// <param name="name">Null: all objects.</param>
    public static Task<IResult> AnswerAsync(
        HttpRequest request, string verb, ResourceKind resource, string @namespace, string? name, Func<Task<IResult>> answer, CancellationToken ct) =>
        AnswerAsync(
            request,
            async (access, caller) =>
            {
                await access.RequireAsync(caller, new(verb, resource, @namespace, name), fresh: false, ct);
                return await answer();
            },
            ct);

    /// <param name="answer">Asks about the rights itself; <see cref="AccessRefusedException"/> is 403.</param>
    public static async Task<IResult> AnswerAsync(HttpRequest request, Func<CallerAccess, Caller, Task<IResult>> answer, CancellationToken ct)
    {
        try
        {
            var access = request.HttpContext.RequestServices.GetRequiredService<CallerAccess>();
            if (await access.WhoAsync(request, fresh: false, ct) is { } caller)
                return await answer(access, caller);
            request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(StatusCodes.Status401Unauthorized, "a bearer token of the management API is needed");
        }
        catch (AccessRefusedException e)
        {
            return Problem(StatusCodes.Status403Forbidden, e.Message);
        }
        catch (KubeApiException e)
        {
            return Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, $"management API: {e.Message}");
        }
    }

    public static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);
}
