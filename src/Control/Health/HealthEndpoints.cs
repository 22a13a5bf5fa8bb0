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
        endpoints.MapGet("/livez", (IServiceProvider services) => Answer(Loops(services)?.Dead ?? [], "has ended"));
        endpoints.MapGet("/readyz", (IServiceProvider services) => Answer(Loops(services)?.NotSynced ?? [], "has not seen everything yet"));
        return endpoints;
    }

    private static ReconcileLoops? Loops(IServiceProvider services) => services.GetServices<IHostedService>().OfType<ReconcileLoops>().FirstOrDefault();

    private static IResult Answer(IReadOnlyList<string> loops, string what) => loops.Count == 0
        ? Results.Text("ok\n")
        : Results.Text(string.Concat(loops.Select(l => $"{l} {what}\n")), statusCode: StatusCodes.Status503ServiceUnavailable);
}
