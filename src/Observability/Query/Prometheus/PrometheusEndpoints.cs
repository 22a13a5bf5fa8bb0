using System.Text.Json;
using Fleet.Control.Access;
using Fleet.Kubernetes.Resources;
using Fleet.Rest.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>
/// Prometheus' query API over the metrics store: Grafana and others that speak it need no other data source. Every selector also says whose clusters the caller may see; errors
/// are Prometheus' JSON.
/// </summary>
internal static class PrometheusEndpoints
{
    private const string Root = "/api/v1/prometheus/api/v1";

    public static IEndpointRouteBuilder MapPrometheusQueries(this IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, "/query", "An expression at one time, as Prometheus answers it", (asked, tenant, _) => ("query", asked.Query(tenant)));
        Map(endpoints, "/query_range", "An expression over a time, as Prometheus answers it", (asked, tenant, _) => ("query_range", asked.QueryRange(tenant)));
        Map(endpoints, "/series", "Series that selectors find, as Prometheus answers it", (asked, tenant, _) => ("series", asked.Series(tenant)));
        Map(endpoints, "/labels", "Names of labels, as Prometheus answers it", (asked, tenant, _) => ("labels", asked.Labels(tenant)));
        Map(endpoints, "/label/{name}/values", "Values of a label, as Prometheus answers it",
            (asked, tenant, request) => ($"label/{PromParameters.Label((string)request.RouteValues["name"]!)}/values", asked.Labels(tenant)));
        return endpoints;
    }

    private static void Map(
        IEndpointRouteBuilder endpoints, string path, string summary, Func<PromParameters, TenantMatchers, HttpRequest, (string Path, IReadOnlyList<KeyValuePair<string, string>> Form)> ask) =>
        endpoints.MapMethods(Root + path, ["GET", "POST"], async (HttpRequest request, TelemetryAccess access, CallerAccess callers, MetricsQueries store, TimeProvider clock, CancellationToken ct) =>
            {
                try
                {
                    if (await callers.WhoAsync(request, fresh: false, ct) is not { } caller)
                    {
                        request.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
                        return Error(StatusCodes.Status401Unauthorized, "unauthorized", "a bearer token of the management API is needed");
                    }
                    var asked = new PromParameters(await ReadAsync(request, store.Limits, ct), store.Limits, clock.GetUtcNow());
                    var tenant = new TenantMatchers(await access.ScopeAsync(callers, caller, asked.Cluster(), ct));
                    var (to, form) = ask(asked, tenant, request);
                    var answer = await store.AskAsync(to, tenant, form, asked.Patience(), ct);
                    return new JsonBytes(answer.Status, answer.Body);
                }
                catch (AccessRefusedException e)
                {
                    return Error(StatusCodes.Status403Forbidden, "forbidden", e.Message);
                }
                catch (Exception e) when (e is PromQueryException or TelemetryQueryException)
                {
                    return Error(StatusCodes.Status400BadRequest, "bad_data", e.Message);
                }
                catch (BadHttpRequestException e)
                {
                    return Error(e.StatusCode, "bad_data", "the form cannot be read");
                }
                catch (InvalidDataException)
                {
                    return Error(StatusCodes.Status400BadRequest, "bad_data", "the form cannot be read");
                }
                catch (TelemetryUnavailableException e)
                {
                    return Error(StatusCodes.Status503ServiceUnavailable, "unavailable", e.Message);
                }
                catch (KubeApiException e)
                {
                    return Error(e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, "unavailable", $"management API: {e.Message}");
                }
            })
            .WithTags("telemetry").WithSummary(summary).WithMetadata(new HasOwnLimits());

    /// <summary>What the address and a form say together.</summary>
    private static async Task<IReadOnlyDictionary<string, StringValues>> ReadAsync(HttpRequest request, PromLimits limits, CancellationToken ct)
    {
        var all = request.Query.ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
        if (!request.HasFormContentType)
            return all;
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limits.MostRequestBytes;
        foreach (var (name, values) in await request.ReadFormAsync(ct))
            all[name] = all.TryGetValue(name, out var before) ? StringValues.Concat(before, values) : values;
        return all;
    }

    private static JsonBytes Error(int status, string type, string message)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status", "error");
            json.WriteString("errorType", type);
            json.WriteString("error", message);
            json.WriteEndObject();
        }
        return new(status, body.ToArray());
    }

    private sealed class JsonBytes(int status, ReadOnlyMemory<byte> body) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json";
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
