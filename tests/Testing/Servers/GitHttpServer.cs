using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Fleet.Testing.Servers;

/// <summary>Git over HTTPS: git's own <c>http-backend</c> behind a web server with a certificate of its own. It can ask for an Authorization header, and fail.</summary>
public sealed class GitHttpServer : IAsyncDisposable
{
    private readonly TestCertificates _certificates;
    private readonly string _root;
    private WebApplication? _app;
    private int _requests;

    private GitHttpServer(string root, TestCertificates certificates) => (_root, _certificates) = (root, certificates);

    public Uri Address { get; private set; } = new("https://127.0.0.1");

    /// <summary>PEM of what clients must trust.</summary>
    public string Authority => _certificates.AuthorityPem;

    /// <summary>While set, requests without exactly this header get 401.</summary>
    public string? Authorization { get; set; }

    /// <summary>While set, every request is answered with this status code.</summary>
    public int? FailWith { get; set; }

    /// <summary>While set, what is asked of /moved/… is answered with this status code and the same place below this address.</summary>
    public (int Code, Uri Place)? Moved { get; set; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Serves the repositories below a folder.</summary>
    /// <param name="like">Another server, whose certificate it has: authorities of two servers are called the same, which git cannot tell apart in one file.</param>
    public static async Task<GitHttpServer> StartAsync(string root, GitHttpServer? like = null)
    {
        var server = new GitHttpServer(root, like?._certificates ?? TestCertificates.ForLoopback());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(server._certificates.Server)));
        var app = builder.Build();
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server._app = app;
        server.Address = new Uri(app.Urls.First());
        return server;
    }

    public static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            await app.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (FailWith is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        if (Moved is { } moved && context.Request.Path.StartsWithSegments("/moved", StringComparison.Ordinal, out var rest))
        {
            context.Response.StatusCode = moved.Code;
            context.Response.Headers.Location = moved.Place.AbsoluteUri.TrimEnd('/') + rest + context.Request.QueryString;
            return;
        }

        if (Authorization is { } wanted && context.Request.Headers.Authorization != wanted)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            return;
        }

        using var backend = Start(context.Request);
        if (context.Features.Get<IHttpBodyControlFeature>() is { } control)
        {
            control.AllowSynchronousIO = true;
        }

        var sending = SendAsync(context.Request, backend);
        await ReceiveAsync(backend.StandardOutput.BaseStream, context.Response);
        await sending;
        await backend.WaitForExitAsync();
    }

    private Process Start(HttpRequest request)
    {
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["GIT_PROJECT_ROOT"] = _root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        // The folders belong to whoever runs the tests, which need not be whom git takes for safe.
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "safe.directory";
        start.Environment["GIT_CONFIG_VALUE_0"] = "*";
        start.Environment["PATH_INFO"] = request.Path.Value;
        start.Environment["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?');
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["CONTENT_TYPE"] = request.ContentType ?? "";
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding.ToString();
        start.Environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"].ToString();
        return Process.Start(start) ?? throw new InvalidOperationException("git http-backend did not start");
    }

    private static async Task SendAsync(HttpRequest request, Process backend)
    {
        try
        {
            await request.Body.CopyToAsync(backend.StandardInput.BaseStream);
            backend.StandardInput.Close();
        }
        catch (IOException)
        {
            // It answered without reading everything.
            backend.StandardInput.Dispose();
        }
    }

    // CGI: headers, an empty line, the body.
    private static async Task ReceiveAsync(Stream output, HttpResponse response)
    {
        while (await LineAsync(output) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (name == "Status")
            {
                response.StatusCode = int.Parse(value[..3], System.Globalization.CultureInfo.InvariantCulture);
            }
            else
            {
                response.Headers[name] = value;
            }
        }

        await output.CopyToAsync(response.Body);
    }

    private static async Task<string> LineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }
}
