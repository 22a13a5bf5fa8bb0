using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Fleet.Api.Tests.Tenants;

namespace Fleet.Api.Tests.Fuzzing;

/// <summary>
/// 10,000 requests that nobody should send, by somebody who may do everything: each is answered, in time, and none as a failure of Fleet's own.
/// <c>FLEET_FUZZ_SEED</c> repeats a run, <c>FLEET_FUZZ_REQUESTS</c> makes a longer one.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int AtOnce = 16;

    /// <summary>After it an answer counts as one that never comes; slow it may be, with sixteen at once on a machine that has more to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What no part of this fleet has: no metrics store, no clusters that answer.</summary>
    private static readonly string[] Expected = ["urn:fleet:problem:managed-cluster", "metrics store"];

    [Fact]
    public async Task No_request_is_answered_with_a_failure_or_not_at_all()
    {
        var seed = Number("FLEET_FUZZ_SEED") ?? Environment.TickCount;
        var count = Number("FLEET_FUZZ_REQUESTS") ?? 10_000;
        await using var tenants = await TwoTenants.StartAsync("embedded", new() { RequestsPerSecond = 1_000_000, Burst = 1_000_000, AddressBurst = 1_000_000 });
        var administrator = await tenants.Host.AdminAsync();
        var fuzzer = new RequestFuzzer(await ApiRoutes.AllAsync(tenants.Host), tenants.Theirs, TwoTenants.Name, seed);
        var failures = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<int, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var request = fuzzer.Make(number);
            var (status, failure) = await SendAsync(administrator, tenants.Host.Address, request);
            statuses.AddOrUpdate(status, 1, (_, known) => known + 1);
            if (failure is not null)
                failures.Enqueue($"{request.Method} {request.Path} [{request.Number}]: {failure}");
        });
        output.WriteLine($"seed {seed}; " + string.Join(", ", statuses.OrderBy(one => one.Key).Select(one => $"{one.Key}: {one.Value}")));
        Assert.True(failures.IsEmpty, $"FLEET_FUZZ_SEED={seed}, {failures.Count} failures:\n{string.Join('\n', failures.Take(30).Concat(tenants.Host.Errors.Told.Take(10)))}");
        // It came through to the handlers, and not only to a wall before them.
        Assert.True(statuses.GetValueOrDefault(200) > count / 100, string.Join(", ", statuses));
        Assert.NotEqual(0, statuses.GetValueOrDefault(400));
        Assert.NotEqual(0, statuses.GetValueOrDefault(404));
        Assert.Equal(HttpStatusCode.OK, (await administrator.AskAsync("/clusters")).StatusCode);
    }

    private static async Task<(int Status, string? Failure)> SendAsync(HttpClient caller, Uri address, FuzzedRequest fuzzed)
    {
        using var limit = new CancellationTokenSource(Patience);
        // As it is: what is odd in it must not be put right on the way.
        using var request = new HttpRequestMessage(new(fuzzed.Method), new Uri(address.GetLeftPart(UriPartial.Authority) + fuzzed.Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in fuzzed.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (fuzzed.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", fuzzed.MediaType);
        }

        try
        {
            using var response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
                return (status, null);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            if (status >= 500 && !Expected.Any(expected => text.Contains(expected, StringComparison.Ordinal)))
                return (status, $"{status} {text}");
            return (status, status is >= 400 and not (StatusCodes404 or 405) && text.Length > 0 && response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json") ? $"{status} as {response.Content.Headers.ContentType}" : null);
        }
        catch (OperationCanceledException)
        {
            return (0, $"no answer within {Patience.TotalSeconds} s");
        }
        catch (HttpRequestException error) when (fuzzed.Body is { Length: > 100_000 } || fuzzed.Headers.Any(header => header.Value.Any(character => character > 0x7f)))
        {
            // A server that does not want a large body may answer and close while it is still being sent.
            return (1, error.HttpRequestError is HttpRequestError.Unknown or HttpRequestError.ResponseEnded or HttpRequestError.ConnectionError or HttpRequestError.InvalidResponse ? null : error.ToString());
        }
        catch (HttpRequestException error)
        {
            return (1, error.ToString());
        }
    }

    private const int StatusCodes404 = 404;

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
