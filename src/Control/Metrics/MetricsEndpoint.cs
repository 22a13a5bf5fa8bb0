using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Control.Metrics;

/// <summary><c>/metrics</c> for a scraper.</summary>
public static class MetricsEndpoint
{
    /// <summary>Serves every <c>Fleet.*</c> meter and the runtime's and the HTTP client's own. Needs <see cref="ControlServices.AddControl"/>.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        // Made here and not at the first scrape: it only hears what is measured from now on.
        var exporter = endpoints.ServiceProvider.GetRequiredService<OpenMetricsExporter>();
        return endpoints.MapGet("/metrics", async (HttpContext context) =>
        {
            var text = new StringWriter();
            exporter.Write(text);
            context.Response.ContentType = MetricText.ContentType;
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
        });
    }
}
