using System.Text;
using Fleet.Api.Tests.Tenants;

namespace Fleet.Api.Tests.Fuzzing;

/// <summary>Requests that follow the OpenAPI document and then go wrong: in the path, the query, the headers or the body.</summary>
internal sealed class RequestFuzzer(IReadOnlyList<ApiRoute> routes, string @namespace, string name, int seed)
{
    private static readonly string[] Odd =
    [
        "", "%00", "..%2f..", "%2e%2e", "a%00b", "%F0%9F%A6%93", "%C3%28", "%ff%fe", "'%20OR%201=1--", "%22", "%25", "%0d%0aX:%201", "-1", "0", "9223372036854775808", "1e400", "NaN", "null", "true",
        "2026-11-22T00:00:00Z", "9999-99-99", "%7b%7d", "$(id)", "*", "a,b,,c", "%E2%80%AE", new string('a', 300), new string('%', 10), "system:masters", "1d", "-5m", "P1D", "today", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", "name=%22", "=~%22(((%22", "{a=~%22(a+)+$%22}", "cluster:%22", "99999999d", "%D9%A1", "AAAA", "b2xk", "!in", "a in (", "a=b,c!=d",
    ];

    private static readonly string[] Bodies =
    [
        "", "{}", "[]", "null", "true", "0", "\"\"", "{", "[[[[", "{\"a\":", "\u0000", "{\"\\u0000\":\"\\u0000\"}", "{\"spec\":null}", "{\"spec\":[]}", "{\"spec\":{\"config\":\"x\"}}", "{\"metadata\":{\"labels\":{\"\":1}}}",
        "{\"metadata\":{\"annotations\":{\"a\":\"\ud83e\udd93\"}}}", "{\"role\":1}", "{\"role\":\"view\",\"expirationSeconds\":1e300}", "{\"template\":{}}", "{\"template\":\"\\u0000\"}", "{\"objects\":[null]}", "{\"objects\":[{}]}",
        "{\"objects\":[{\"apiVersion\":1,\"kind\":[],\"metadata\":7}]}", "{\"matchers\":[null],\"namespace\":\"default\",\"endsAt\":\"x\"}", "{\"matchers\":[\"a=~\\\"(\\\"\"],\"namespace\":\"default\",\"endsAt\":\"2099-01-01T00:00:00Z\",\"comment\":\"x\"}",
        "{\"namespace\":\"\\u0000\",\"matchers\":[\"a=\\\"b\\\"\"],\"endsAt\":\"2099-01-01T00:00:00Z\",\"comment\":\"x\"}", "{\"admin\":\"yes\"}", "{\"reason\":\"\\u0000\"}", "{\"until\":\"x\",\"reason\":\"x\"}", "{\"reason\":\"x\",\"until\":\"9999-12-31T23:59:59+14:00\"}",
        "\"\\ud800\"", "{\"a\":1,\"a\":2}", "{\"spec\":{\"template\":\"x\"},\"spec\":{}}", "id,cost\n1,2\n", "\ufeff{}",
    ];

    private static readonly string[] Headers =
        ["If-Match", "If-None-Match", "Last-Event-ID", "Accept", "Accept-Encoding", "Content-Encoding", "Range", "X-Request-Id", "X-Forwarded-For", "Origin", "Cookie", "Expect-Nothing", "Impersonate-User", "X-HTTP-Method-Override"];

    private static readonly string[] HeaderValues = ["", "*", "\"", "W/\"x\"", "\"1\"", "clusters=", "clusters=99999999999999999999", "gzip", "bytes=0-", new string('h', 4000), "text/plain;q=x", "\u00e9", "{}", "-1", "cluster-admin"];

    private static readonly string[] Types = ["application/json", "application/merge-patch+json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-7", "x", "application/octet-stream"];

    /// <summary>The same for one number, whoever asks when.</summary>
    public FuzzedRequest Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var route = routes[random.Next(routes.Count)];
        var path = System.Text.RegularExpressions.Regex.Replace(route.Path, @"\{([^}]+)\}", match => random.Next(3) switch
        {
            0 => Pick(random, Odd) is { Length: > 0 } odd ? odd : "x",
            1 => "absent",
            _ => match.Groups[1].Value == "namespace" ? @namespace : name,
        });
        var query = Enumerable.Range(0, random.Next(5)).Select(_ => $"{Parameter(random, route)}={Value(random)}").ToList();
        var headers = Enumerable.Range(0, random.Next(3)).Select(_ => (Pick(random, Headers), Pick(random, HeaderValues))).ToList();
        if (random.Next(2) == 0)
            headers.Add(("If-Match", "*"));
        var method = random.Next(20) == 0 ? Pick(random, ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"]) : route.Method;
        var body = method is "GET" or "HEAD" or "TRACE" ? null : Body(random);
        return new(number, method, path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), headers, body, Pick(random, Types.AsSpan(0, random.Next(3) == 0 ? Types.Length : 2).ToArray()));
    }

    private static string Parameter(Random random, ApiRoute route) =>
        random.Next(6) == 0 ? Pick(random, Odd) : route.Queries.Count > 0 && random.Next(2) == 0
            ? route.Queries[random.Next(route.Queries.Count)]
            : Pick(random, ["namespace", "name", "cluster", "limit", "since", "until", "from", "to", "window", "aggregate", "filter", "step", "accumulate", "currency", "q", "continue", "kinds", "query", "time", "start", "end", "match[]", "state", "period", "format", "dryRun", "policy", "confirm", "labelSelector", "month", "kind", "severity", "idle"]);

    private string Value(Random random) => random.Next(4) switch
    {
        0 => @namespace,
        1 => name,
        _ => Pick(random, Odd),
    };

    private static byte[] Body(Random random) => random.Next(40) switch
    {
        0 => new byte[random.Next(3 * 1024 * 1024)],
        1 => Encoding.UTF8.GetBytes(new string('[', 200_000)),
        2 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000)),
        3 => Encoding.UTF8.GetBytes($"{{\"metadata\":{{\"labels\":{{\"a\":\"{new string('x', 900_000)}\"}}}}}}"),
        4 => Bytes(random, 64),
        _ => Encoding.UTF8.GetBytes(Pick(random, Bodies)),
    };

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T Pick<T>(Random random, T[] among) => among[random.Next(among.Length)];
}

/// <param name="Number">With the seed it makes the request again.</param>
internal sealed record FuzzedRequest(int Number, string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, string MediaType);
