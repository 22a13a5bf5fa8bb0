using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>
/// Asks the metrics store in Prometheus' query API, within a scope: every selector gets the tenant's matchers here, and VictoriaMetrics is told to add them once more
/// (<c>extra_filters[]</c>, which Prometheus does not know and leaves aside). What others ask of the store goes this way, too.
/// </summary>
public sealed class MetricsQueries : IDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    private readonly MetricsQueryOptions options;
    private readonly PromLimits limits;
    private readonly SemaphoreSlim turns;
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    public MetricsQueries(MetricsQueryOptions options) : this(options, new PromLimits())
    {
    }

    internal MetricsQueries(MetricsQueryOptions options, PromLimits limits) => (this.options, this.limits, turns) = (options, limits, new SemaphoreSlim(limits.Concurrent));

    internal PromLimits Limits => limits;

    /// <summary>Evaluates an expression at one time.</summary>
    /// <returns>The <c>data</c> of the answer: <c>resultType</c> and <c>result</c>.</returns>
    /// <exception cref="PromQueryException">It is no PromQL, or the store refuses it.</exception>
    /// <exception cref="TelemetryUnavailableException">There is no answer now.</exception>
    public async Task<JsonElement> EvaluateAsync(TelemetryScope scope, string expression, DateTimeOffset at, CancellationToken ct)
    {
        var tenant = new TenantMatchers(scope);
        var answer = await AskAsync(
            "query", tenant, [new("query", PromQuery.Expression(expression, tenant, limits)), new("time", (at.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture))], limits.Patience, ct);
        using var read = JsonDocument.Parse(answer.Body);
        return answer.Status == StatusCodes.Status200OK
            ? read.RootElement.GetProperty("data").Clone()
            : throw new PromQueryException(read.RootElement.GetProperty("error").GetString() ?? "the metrics store refuses it");
    }

    /// <param name="path">Behind <c>/api/v1/</c>.</param>
    /// <param name="form">Nothing of it may come unread from a caller: selectors have the tenant's matchers.</param>
    /// <returns>The store's answer, or its refusal of the query, in Prometheus' JSON.</returns>
    /// <exception cref="TelemetryUnavailableException">Anything else.</exception>
    internal async Task<MetricsAnswer> AskAsync(string path, TenantMatchers tenant, IReadOnlyList<KeyValuePair<string, string>> form, TimeSpan patience, CancellationToken ct)
    {
        if (!await turns.WaitAsync(Turn, ct))
            throw new TelemetryUnavailableException("the metrics store has enough to do");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        try
        {
            using var content = new FormUrlEncodedContent(tenant.IsEmpty ? form : [.. form, new("extra_filters[]", $"{{{tenant.Text}}}")]);
            // Prometheus takes a form everywhere but for the values of a label.
            using var request = path.StartsWith("label/", StringComparison.Ordinal)
                ? new HttpRequestMessage(HttpMethod.Get, new Uri(options.Address, $"api/v1/{path}?{await content.ReadAsStringAsync(limit.Token)}"))
                : new HttpRequestMessage(HttpMethod.Post, new Uri(options.Address, $"api/v1/{path}")) { Content = content };
            if (options.TokenFile is { } file)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, limit.Token)).Trim());
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await ReadAsync(response, limit.Token);
            var status = (int)response.StatusCode;
            return status == StatusCodes.Status200OK || (status is 400 or 422 && IsRefusal(body))
                ? new(status, body)
                : throw new TelemetryUnavailableException($"the metrics store answers {status}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TelemetryUnavailableException($"the metrics store did not answer within {patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException failure)
        {
            throw new TelemetryUnavailableException($"the metrics store cannot be reached ({failure.HttpRequestError})", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TelemetryUnavailableException("the metrics store's answer or token cannot be read", failure);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        turns.Dispose();
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            if (body.Length + count > limits.MostAnswerBytes)
                throw new PromQueryException($"the answer has more than {limits.MostAnswerBytes / 1024 / 1024} MiB: ask for fewer series, a shorter time or a longer step");
            body.Write(buffer, 0, count);
        }
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static bool IsRefusal(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var read = JsonDocument.Parse(body);
            return read.RootElement.ValueKind == JsonValueKind.Object && read.RootElement.TryGetProperty("status", out var status) && status.ValueEquals("error")
                && read.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>Prometheus' JSON, as the store sent it.</summary>
internal sealed record MetricsAnswer(int Status, ReadOnlyMemory<byte> Body);
