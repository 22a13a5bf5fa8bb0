using System.Diagnostics;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Authorization;
using Fleet.ControlPlane.Discovery;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Serving;

/// <summary>Every request: where to, from whom, may they, then the endpoint; failures become a Status.</summary>
internal sealed class RequestPipeline
{
    private readonly ClusterRegistry clusters;
    private readonly Authenticator authenticator;
    private readonly ResourceEndpoints resources;
    private readonly RequestMetrics metrics = new();
    private readonly ILogger? log;

    public RequestPipeline(ControlPlaneOptions options, ClusterRegistry clusters, Authenticator authenticator, ServiceAccountTokens tokens)
    {
        this.clusters = clusters;
        this.authenticator = authenticator;
        resources = new ResourceEndpoints(options, new ReviewEndpoints(authenticator), tokens);
        log = options.LoggerFactory?.CreateLogger("Fleet.ControlPlane.Requests");
    }

    public async Task HandleAsync(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        ApiRequest? request = null;
        try
        {
            var target = RequestTarget.Parse(http.Request.Path.Value ?? "/");
            var cluster = clusters.FindCluster(target.Cluster) ?? throw ApiErrors.PathNotFound();
            if (cluster.Fault is { Metrics: { ClockSkew.Ticks: not 0 } wrong })
                http.Response.Headers.Date = (cluster.Settings.Clock.GetUtcNow() + wrong.ClockSkew).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            if (cluster.Fault is { } fault && !await AnswersAsync(http, fault, cluster.Settings.Clock)) return;
            request = new ApiRequest(http, cluster, target, await authenticator.IdentifyAsync(http, cluster));
            request.Verb = VerbOf(request);
            Impersonation.Apply(request);
            Authorize(request);
            var checkedRequest = request;
            request.Guard = admission => EscalationGuard.Check(cluster, checkedRequest.User, admission);
            if (target.IsResource) await resources.HandleAsync(request);
            else await DiscoveryEndpoints.HandleAsync(request);
        }
        catch (KubeApiException failure)
        {
            if (failure.Code >= 500) log?.LogWarning(failure, "{Verb} {Path} failed", http.Request.Method, http.Request.Path.Value);
            await FailAsync(http, failure);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            log?.LogDebug("{Verb} {Path} was cancelled by the client", http.Request.Method, http.Request.Path.Value);
        }
        catch (BadHttpRequestException bad)
        {
            await FailAsync(http, bad.StatusCode == 413 ? ApiErrors.TooLarge(RequestBody.Limit) : ApiErrors.BadRequest(bad.Message));
        }
        catch (Exception defect) when (!http.RequestAborted.IsCancellationRequested)
        {
            log?.LogError(defect, "{Verb} {Path} failed", http.Request.Method, http.Request.Path.Value);
            await FailAsync(http, new KubeApiException(500, "InternalError", $"an error on the server prevented the request from succeeding ({defect.GetType().Name})"));
        }
        finally
        {
            metrics.Count(request, http.Response.StatusCode, Stopwatch.GetElapsedTime(started));
        }
    }

    /// <summary>Acts out a fault of the cluster; false when there is to be no answer.</summary>
    private static async Task<bool> AnswersAsync(HttpContext http, ApiFault fault, TimeProvider clock)
    {
        if (fault.Mode == ApiFaultMode.Hanging) await Task.Delay(Timeout.InfiniteTimeSpan, clock, http.RequestAborted);
        if (fault.Latency > TimeSpan.Zero) await Task.Delay(fault.Latency, clock, http.RequestAborted);
        if (fault.Mode == ApiFaultMode.None) return true;
        http.Abort();
        return false;
    }

    private static Task FailAsync(HttpContext http, KubeApiException failure)
    {
        // Too late for a status: cutting the connection is the only way to say that the answer is not complete.
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }
        http.Response.Headers.ContentEncoding = default;
        return ResponseBytes.WriteFailureAsync(http.Response, failure);
    }

    private static void Authorize(ApiRequest request)
    {
        var target = request.Target;
        var wanted = target.IsResource
            ? new AccessAttributes(request.Verb, target.Group, target.Plural, target.Subresource ?? "", target.Namespace ?? "", target.Name ?? "", null)
            : AccessAttributes.OfPath(request.Verb, target.Path);
        if (target is { IsResource: true, Plural: "namespaces", Group: "", Name: { } itself }) wanted = wanted with { Namespace = itself };
        if (Authorizer.Allows(request.Cluster, request.User, wanted)) return;
        throw Denials.Of(request.User, wanted);
    }

    private static string VerbOf(ApiRequest request)
    {
        var method = request.Http.Request.Method;
        var one = request.Target.Name is not null;
        if (!request.Target.IsResource) return method.ToLowerInvariant();
        return method switch
        {
            "GET" or "HEAD" => request.IsWatch ? "watch" : one ? "get" : "list",
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => one ? "delete" : "deletecollection",
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }
}
