using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Http;

/// <summary>
/// The only way to the server: limits, authentication, sending, time-outs, retries of reads, errors. Every failure leaves as a
/// <see cref="KubeApiException"/>; only cancellation by the caller leaves as <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class KubeHttpPipeline : IDisposable
{
    /// <summary>Old connections are kept this long after a client certificate was renewed, so that calls under way can end.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromMinutes(1);

    private readonly ClusterEndpoint endpoint;
    private readonly KubernetesClientOptions options;
    private readonly RequestLimit limit;
    private readonly string root;
    private readonly Lock gate = new();
    private Connections? connections;
    private CancellationTokenSource generation = new();
    private bool disposed;

    internal KubeHttpPipeline(ClusterEndpoint endpoint, KubernetesClientOptions options)
    {
        this.endpoint = endpoint;
        this.options = options;
        limit = new(options.MaxConcurrentRequests, options.RequestsPerSecond, options.Burst, options.Clock);
        root = endpoint.Server.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + "/";
    }

    internal TimeProvider Clock => options.Clock;

    internal KubernetesClientOptions Options => options;

    /// <summary>Ends when the connections of now are given up. Take it before the request whose answer it is for.</summary>
    internal CancellationToken GivenUp
    {
        get
        {
            lock (gate)
                return generation.Token;
        }
    }

    /// <summary>Open watches break; the next call connects anew. Calls under way end as they would have.</summary>
    internal void Reconnect()
    {
        CancellationTokenSource former;
        lock (gate)
        {
            if (disposed)
                return;
            (former, generation) = (generation, new());
            connections?.Invoker.Dispose();
            connections = null;
        }

        former.Cancel();
        former.Dispose();
    }

    /// <summary>Sends and hands the answer (2xx) to <paramref name="read"/> within the call's time-out. Failures of reading the body count as failures of the call.</summary>
    internal async Task<TResult> SendAsync<TResult>(ApiRequest request, Func<HttpResponseMessage, CancellationToken, Task<TResult>> read, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(request, read, ct);
            }
            catch (KubeApiException e) when (request.IsRead && e.IsTransient && attempt < options.ReadRetries && DelayBefore(attempt, e) is { } delay)
            {
                await Task.Delay(delay, options.Clock, ct);
            }
        }
    }

    /// <summary>The answer with its body unread; the caller disposes it. Only the time until the headers is bounded.</summary>
    internal Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken ct)
        => SendAsync(request with { IsWatch = true }, static (response, _) => Task.FromResult(response), ct);

    private TimeSpan? DelayBefore(int attempt, KubeApiException e)
    {
        if (e.Details?.RetryAfterSeconds is { } seconds)
            return TimeSpan.FromSeconds(seconds) is var asked && asked <= options.LongestRetryAfter ? asked : null;
        // 100 ms doubling, half of it chance: three tries end within a second, so callers' own back-off stays in charge.
        return TimeSpan.FromMilliseconds(100 * Math.Pow(2, attempt) * (0.5 + options.Jitter() / 2));
    }

    private async Task<TResult> SendOnceAsync<TResult>(ApiRequest request, Func<HttpResponseMessage, CancellationToken, Task<TResult>> read, CancellationToken ct)
    {
        using var slot = await limit.EnterAsync(ct);
        using var timeout = new CancellationTokenSource(request.Timeout ?? options.Timeout, options.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        HttpResponseMessage? response = null;
        var handedOver = false;
        try
        {
            response = await SendAuthenticatedAsync(request, both.Token);
            if (!response.IsSuccessStatusCode)
                throw await ApiStatus.ReadAsync(response, both.Token);
            if (options.OnWarning is { } warned)
                foreach (var warning in ServerWarnings.Of(response.Headers))
                    warned(warning);
            var result = await read(response, both.Token);
            handedOver = request.IsWatch;
            return result;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested)
        {
            throw new KubeApiException(0, "Timeout", $"{endpoint} did not answer within {(request.Timeout ?? options.Timeout).TotalSeconds:0.#} s", null, e);
        }
        catch (JsonException e)
        {
            throw new KubeApiException(0, KubeApiException.UnreadableAnswer, $"{endpoint} answered with something that cannot be read: {e.Message}", null, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or AuthenticationException or OperationCanceledException)
        {
            throw Unreachable(e);
        }
        finally
        {
            if (!handedOver)
                response?.Dispose();
        }
    }

    private async Task<HttpResponseMessage> SendAuthenticatedAsync(ApiRequest request, CancellationToken ct)
    {
        var material = await endpoint.Credential.GetAsync(ct);
        var response = await ConnectionsFor(material).Invoker.SendAsync(MessageFor(request, material), ct);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !endpoint.Credential.Invalidate(material))
            return response;
        // A request that was not authenticated was not carried out, so any verb may be sent again with a renewed credential.
        response.Dispose();
        material = await endpoint.Credential.GetAsync(ct);
        return await ConnectionsFor(material).Invoker.SendAsync(MessageFor(request, material), ct);
    }

    private HttpRequestMessage MessageFor(ApiRequest request, CredentialMaterial material)
    {
        var message = new HttpRequestMessage(request.Method, root + request.PathAndQuery.TrimStart('/'))
        {
            Version = options.Http2 && endpoint.Server.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        message.Headers.Authorization = material.Authorization;
        if (endpoint.Impersonate is { } who)
            Impersonate(message, who);
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        return message;
    }

    private static void Impersonate(HttpRequestMessage message, Impersonation who)
    {
        message.Headers.TryAddWithoutValidation("Impersonate-User", who.User);
        if (who.Uid is not null)
            message.Headers.TryAddWithoutValidation("Impersonate-Uid", who.Uid);
        foreach (var group in who.Groups)
            message.Headers.TryAddWithoutValidation("Impersonate-Group", group);
        foreach (var (key, values) in who.Extra)
            message.Headers.TryAddWithoutValidation("Impersonate-Extra-" + Uri.EscapeDataString(key), values);
    }

    private Connections ConnectionsFor(CredentialMaterial material)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(KubernetesClient));
            if (connections is { } current && ReferenceEquals(current.Certificates, material.ClientCertificates))
                return current;
            connections?.DisposeAfter(Drain, options.Clock);
            return connections = new(
                material.ClientCertificates,
                new HttpMessageInvoker(ConnectionFactory.Create(endpoint, material, options), disposeHandler: true));
        }
    }

    private KubeApiException Unreachable(Exception e)
    {
        var cause = e;
        while (cause.InnerException is { } inner && cause is not AuthenticationException)
            cause = inner;
        var reason = cause is AuthenticationException ? KubeApiException.TlsFailed : "Unreachable";
        return new(0, reason, $"{endpoint} cannot be reached: {cause.Message}", null, e);
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            connections?.Invoker.Dispose();
            connections = null;
            generation.Dispose();
        }

        limit.Dispose();
    }

    private sealed record Connections(object? Certificates, HttpMessageInvoker Invoker)
    {
        internal void DisposeAfter(TimeSpan delay, TimeProvider clock)
        {
            ITimer? timer = null;
            timer = clock.CreateTimer(
                _ =>
                {
                    Invoker.Dispose();
                    timer?.Dispose();
                },
                null, delay, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }
}
