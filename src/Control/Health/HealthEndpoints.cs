using Fleet.Control.Reconciling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Health;

/// <summary><c>/livez</c>: every loop still runs. <c>/readyz</c>: every loop has seen what exists.</summary>
public static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        // Plain request delegates: binding parameters of a lambda would compile expressions at the start of every service.
        endpoints.MapGet("/livez", context => AnswerAsync(context, static loops => loops.Dead, "has ended"));
        endpoints.MapGet("/readyz", context => AnswerAsync(context, static loops => loops.NotSynced, "has not seen everything yet"));
        return endpoints;
    }

    private static Task AnswerAsync(HttpContext context, Func<ReconcileLoops, IReadOnlyList<string>> bad, string what)
    {
        var all = context.RequestServices.GetServices<IHostedService>().OfType<ReconcileLoops>().FirstOrDefault();
        var loops = all is null ? [] : bad(all);
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (loops.Count > 0)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(loops.Count == 0 ? "ok\n" : string.Concat(loops.Select(l => $"{l} {what}\n")), context.RequestAborted);
    }
}
