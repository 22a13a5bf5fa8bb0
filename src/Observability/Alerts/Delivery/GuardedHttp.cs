using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>Posts to addresses that users chose: guarded, without redirects, proxies and cookies, bounded in time and answer.</summary>
internal sealed class GuardedHttp : IDisposable
{
    /// <summary>What is told of an answer; the rest is not read.</summary>
    private const int LongestAnswer = 4096;

    private readonly HttpClient client;
    private readonly TimeProvider clock;

    public GuardedHttp(AddressGuard guard, AlertOptions options, TimeProvider clock)
    {
        this.clock = clock;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = options.DeliveryTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(1), MaxResponseHeadersLength = 16,
            ConnectCallback = async (context, ct) => await guard.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct),
        }) { Timeout = options.DeliveryTimeout };
    }

    /// <param name="accept">What the answer must be; null: any success.</param>
    public async Task<DeliveryOutcome> PostAsync(Uri address, HttpContent content, IEnumerable<KeyValuePair<string, string>> headers, Func<string, bool>? accept, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.UserAgent.ParseAdd("fleet-observability");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            var code = (int)response.StatusCode;
            var answer = await ReadAsync(response, ct);
            if (code is >= 200 and < 300)
                return accept is null || accept(answer) ? DeliveryOutcome.Delivered(code) : DeliveryOutcome.Failed("it answers with success, and not as such a receiver does", code);
            var message = $"it answers {code} {ReasonOf(response.StatusCode)}";
            return code switch
            {
                >= 300 and < 400 => DeliveryOutcome.Refused($"{message}: redirects are not followed", code),
                // The message itself is wrong, and will be.
                400 or 405 or 410 or 411 or 413 or 414 or 415 or 422 => DeliveryOutcome.Refused(message, code),
                _ => DeliveryOutcome.Failed(message, code, RetryAfter(response)),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed($"it did not answer within {client.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
        catch (Exception e) when (Find<AddressRefusedException>(e) is { } refused)
        {
            return DeliveryOutcome.Failed(refused.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // Texts of exceptions hold addresses, and those hold secrets.
            return DeliveryOutcome.Failed(Find<AuthenticationException>(e) is not null ? "its certificate is not trusted" : $"it can not be reached ({(e as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ConnectionError})");
        }
    }

    public void Dispose() => client.Dispose();

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
        _ => null,
    };

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[LongestAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>By the number: what a server calls it is its own text.</summary>
    private static string ReasonOf(HttpStatusCode code) => Enum.IsDefined(code) ? code.ToString() : "";

    private static T? Find<T>(Exception? error) where T : Exception
    {
        for (; error is not null; error = error.InnerException)
            if (error is T found)
                return found;
        return null;
    }
}
