using System.Text;
using Fleet.Rest.Requests;

namespace Fleet.Rest.WebConsole;

/// <summary>
/// The web console at <c>/</c>. Its files hold nothing that is anybody's: everybody may have them, and what they show comes from the REST API with the
/// token of whoever looks.
/// </summary>
public static class ConsoleEndpoints
{
    /// <summary>
    /// Paths that are pages. Only these lead to the console, so that a wrong path below another part of the address stays a plain 404 there.
    /// </summary>
    private static readonly string[] Pages =
    [
        "/", "/clusters/{**page}", "/services/{**page}", "/costs/{**page}", "/budgets/{**page}", "/recommendations/{**page}", "/alerts/{**page}", "/policies/{**page}", "/explore/{**page}",
        "/settings/{**page}",
    ];

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Scripts and styles only from here, no script in the page itself, no frame around it, no form that leads elsewhere.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly byte[] NotBuilt = Encoding.UTF8.GetBytes(
        """
        The web console is not built. It needs Node.js 20.19 or later with npm: install them, run

            ./fleet build

        and start the fleet again. Everything else works without it: the REST API is below /api/v1, its document at /openapi/v1.json.

        """);

    /// <param name="folder">What the console's build made; a folder that is not there leads to a page that says how to make it.</param>
    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder endpoints, string folder)
    {
        var read = new Lazy<ConsoleFiles?>(() => ConsoleFiles.Read(folder));
        foreach (var page in Pages)
            endpoints.MapMethods(page, Methods, http => AnswerAsync(http, read.Value, ConsoleFiles.Index));
        foreach (var file in (string[])["/assets/{**file}", "/favicon.svg", "/licenses.txt"])
            endpoints.MapMethods(file, Methods, http => AnswerAsync(http, read.Value, http.Request.Path.Value ?? ""));
        return endpoints;
    }

    private static Task AnswerAsync(HttpContext http, ConsoleFiles? files, string path)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (files is null)
            return TextAsync(http, NotBuilt);
        return files.Find(path) is { } file ? FileAsync(http, file) : TextAsync(http, "not found\n"u8.ToArray());
    }

    private static Task TextAsync(HttpContext http, byte[] text)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.Headers.CacheControl = "no-store";
        return WriteAsync(http, text, "text/plain; charset=utf-8");
    }

    private static Task FileAsync(HttpContext http, ConsoleFile file)
    {
        var (bytes, encoding) = file.For(http.Request);
        var headers = http.Response.Headers;
        headers.CacheControl = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        headers.ETag = ETags.Strong(file.Tag, encoding);
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        if (ETags.IsKnown(http.Request, headers.ETag.ToString()))
        {
            headers.Remove("Content-Encoding");
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return WriteAsync(http, bytes, file.ContentType);
    }

    private static Task WriteAsync(HttpContext http, byte[] bytes, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
