using System.Text;
using Microsoft.AspNetCore.Http;

namespace Fleet.Kubernetes.Tests.Scripted;

/// <summary>Answers to script a server with.</summary>
internal static class Answer
{
    internal static Func<HttpContext, Task> Json(string json, int code = 200, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(json);
    };

    internal static Func<HttpContext, Task> Status(int code, string reason, string message = "because", params (string Name, string Value)[] headers)
        => Json($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""", code, headers);

    internal static Func<HttpContext, Task> Page(string version, string? next, params string[] names)
        => Json($$"""{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(',', names.Select(n => Item(n)))}}]}""");

    /// <summary>A ConfigMap; name may carry a version after a colon and a uid after another.</summary>
    internal static string Item(string name, bool withType = false)
    {
        var parts = name.Split(':');
        var version = parts.Length > 1 ? parts[1] : "1";
        var uid = parts.Length > 2 ? int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) : 1;
        var type = withType ? "\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"," : "";
        return $$$"""{{{{type}}}"metadata":{"name":"{{{parts[0]}}}","namespace":"ns","resourceVersion":"{{{version}}}","uid":"00000000-0000-0000-0000-{{{uid:d12}}}","labels":{"app":"{{{parts[0]}}}"},"managedFields":[{"manager":"x"}]},"data":{"v":"{{{version}}}"}}""";
    }

    /// <summary>Events such as <c>ADDED a:5</c>, <c>BOOKMARK :9</c>, <c>ERROR 410 Expired</c>, <c>TORN</c>, <c>HANG</c>, <c>ABORT</c> or a raw line; then the stream ends.</summary>
    internal static Func<HttpContext, Task> Watch(params string[] events) => async context =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync();
        foreach (var line in events)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "HANG":
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return;
                case "ABORT":
                    context.Abort();
                    return;
                case "TORN":
                    await WriteAsync(context, """{"type":"ADDED","object":{"metad""");
                    return;
                case "ERROR":
                    await WriteAsync(context, $$$"""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too old","reason":"{{{words[2]}}}","code":{{{words[1]}}}}}""" + "\n");
                    break;
                case "ADDED" or "MODIFIED" or "DELETED" or "BOOKMARK":
                    await WriteAsync(context, $$$"""{"type":"{{{words[0]}}}","object":{{{Item(words[1], withType: true)}}}}""" + "\n");
                    break;
                default:
                    await WriteAsync(context, line + "\n");
                    break;
            }
        }
    };

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await context.Response.Body.FlushAsync();
    }
}
