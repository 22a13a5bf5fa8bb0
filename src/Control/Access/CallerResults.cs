using System.Text.Json.Nodes;
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
    public static async Task<IResult> AnswerAsync(
        HttpRequest request, string verb, ResourceKind resource, string @namespace, string? name, Func<Task<IResult>> answer, CancellationToken ct)
    {
        try
        {
            var access = new CallerAccess(request.HttpContext.RequestServices.GetRequiredService<IKubernetesClient>());
            if (await access.WhoAsync(request, ct) is not { } user)
            {
                request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
                return Problem(StatusCodes.Status401Unauthorized, "a bearer token of the management API is needed");
            }

            return await access.MayAsync(user, verb, resource, @namespace, name, ct)
                ? await answer()
                : Problem(StatusCodes.Status403Forbidden, Refusal(user, verb, resource, @namespace));
        }
        catch (KubeApiException e)
        {
            return Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, $"management API: {e.Message}");
        }
    }

    public static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    private static string Refusal(JsonObject user, string verb, ResourceKind resource, string @namespace) =>
        $"{(string?)user["username"]} may not {verb} {resource.Plural}{(@namespace.Length > 0 ? $" in namespace {@namespace}" : "")}";
}
