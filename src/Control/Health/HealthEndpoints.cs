using Fleet.Control.Reconciling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Control.Health;

/// <summary>
/// <c>/livez</c>: every loop still runs. <c>/readyz</c>: every loop has seen what exists, and what the service needs is there. <c>/startupz</c>: it has been ready once; a
/// management API that goes away later is no reason to start anew.
/// </summary>
public static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var hasBeenReady = false;
        // Plain request delegates: binding parameters of a lambda would compile expressions at the start of every service.
        endpoints.MapGet("/livez", context => AnswerAsync(context, Dead(context.RequestServices)));
        endpoints.MapGet("/readyz", context => AnswerAsync(context, NotReady(context.RequestServices)));
        endpoints.MapGet("/startupz", context =>
        {
            var missing = Volatile.Read(ref hasBeenReady) ? [] : NotReady(context.RequestServices);
            Volatile.Write(ref hasBeenReady, missing.Count == 0);
            return AnswerAsync(context, missing);
        });
        return endpoints;
    }

    private static List<string> Dead(IServiceProvider services) => [.. (Loops(services)?.Dead ?? []).Select(loop => $"{loop} has ended")];

    private static List<string> NotReady(IServiceProvider services) =>
    [
        .. Dead(services),
        .. (Loops(services)?.NotSynced ?? []).Select(loop => $"{loop} has not seen everything yet"),
        .. services.GetServices<IReadinessCheck>().Select(check => check.Missing).OfType<string>(),
    ];

    private static ReconcileLoops? Loops(IServiceProvider services) => services.GetServices<IHostedService>().OfType<ReconcileLoops>().FirstOrDefault();

    private static Task AnswerAsync(HttpContext context, List<string> missing)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (missing.Count > 0)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(missing.Count == 0 ? "ok\n" : string.Concat(missing.Select(one => one + "\n")), context.RequestAborted);
    }
}
