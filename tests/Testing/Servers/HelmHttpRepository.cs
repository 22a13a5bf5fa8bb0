using System.Text;
using Fleet.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Testing.Servers;

/// <summary>A Helm repository over HTTP: charts packaged and indexed by helm itself, served from a folder. It counts requests and can be made to fail.</summary>
public sealed class HelmHttpRepository : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new("repository");
    private readonly string? _authorization;
    private WebApplication? _app;
    private int _requests;

    private HelmHttpRepository(string? user, string? password) =>
        _authorization = user is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The folder that is served: <c>index.yaml</c> and the packages.</summary>
    public string Folder => _folder.FullPath;

    /// <summary>While set, every request is answered with this status code.</summary>
    public int? FailWith { get; set; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>With a user, requests without these basic credentials get 401.</summary>
    public static async Task<HelmHttpRepository> StartAsync(string? user = null, string? password = null)
    {
        var repository = new HelmHttpRepository(user, password);
        repository._folder.Write("index.yaml", "apiVersion: v1\nentries: {}\n");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(repository.AnswerAsync);
        await app.StartAsync();
        repository._app = app;
        repository.Address = new Uri(app.Urls.First());
        return repository;
    }

    /// <summary>Packages a chart folder into the repository and indexes it again.</summary>
    public async Task AddAsync(string chartFolder, string? version = null)
    {
        string[] options = version is null ? [] : ["--version", version];
        (await ProcessOutput.RunAsync(RealParts.Helm3.Path, ["package", chartFolder, "-d", Folder, .. options])).MustSucceed();
        (await ProcessOutput.RunAsync(RealParts.Helm3.Path, ["repo", "index", Folder])).MustSucceed();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            await app.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (FailWith is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        if (_authorization is not null && context.Request.Headers.Authorization != _authorization)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"charts\"";
            return;
        }

        // Only plain names directly in the folder are served, so a path can never lead out of it.
        var path = Path.Combine(Folder, Path.GetFileName(context.Request.Path.Value ?? ""));
        if (!File.Exists(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.Response.SendFileAsync(path);
    }
}
