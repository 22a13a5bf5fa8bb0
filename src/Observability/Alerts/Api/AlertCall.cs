using System.Data.Common;
using Fleet.Control.Access;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.Observability.Alerts.Api;

/// <summary>What calls about alerts share: who calls, which namespaces they may look at, and how failures are told.</summary>
internal static class AlertCall
{
    public static async Task<IResult> AnswerAsync(HttpRequest request, Func<CallerAccess, Caller, Task<IResult>> answer, CancellationToken ct)
    {
        try
        {
            var access = request.HttpContext.RequestServices.GetRequiredService<CallerAccess>();
            if (await access.WhoAsync(request, fresh: false, ct) is not { } caller)
            {
                request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
                return CallerResults.Problem(StatusCodes.Status401Unauthorized, "a bearer token of the management API is needed");
            }
            return await answer(access, caller);
        }
        catch (AccessRefusedException e)
        {
            return CallerResults.Problem(StatusCodes.Status403Forbidden, e.Message);
        }
        catch (KubeApiException e)
        {
            return CallerResults.Problem(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, $"management API: {e.Message}");
        }
        catch (InformerNotSyncedException)
        {
            return CallerResults.Problem(StatusCodes.Status503ServiceUnavailable, "rules and receivers have not been read yet");
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            // An empty list would say that nothing is wrong.
            return CallerResults.Problem(StatusCodes.Status503ServiceUnavailable, "the database of alerts does not answer");
        }
    }

    /// <summary>Null for whoever may list the kind everywhere; otherwise those of the namespaces in which they may.</summary>
    /// <exception cref="AccessRefusedException">They may nowhere.</exception>
    public static async Task<IReadOnlyCollection<string>?> AmongAsync(
        CallerAccess access, Caller caller, ResourceKind kind, string? @namespace, Func<Task<IEnumerable<string>>> namespaces, CancellationToken ct)
    {
        var everywhere = new AccessQuestion("list", kind, "");
        if (@namespace is not null)
        {
            await access.RequireAsync(caller, everywhere with { Namespace = @namespace }, fresh: false, ct);
            return [@namespace];
        }
        if (await access.MayAsync(caller, everywhere, fresh: false, ct))
            return null;
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in (await namespaces()).Distinct(StringComparer.Ordinal))
            if (await access.MayAsync(caller, everywhere with { Namespace = one }, fresh: false, ct))
                allowed.Add(one);
        return allowed.Count > 0 ? allowed : throw new AccessRefusedException(caller, everywhere);
    }
}
