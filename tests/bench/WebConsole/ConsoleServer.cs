using System.Text;
using System.Text.Json.Nodes;
using Fleet.Rest.WebConsole;
using Fleet.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Bench.WebConsole;

/// <summary>The console's files as the product serves them, before a REST API that knows nothing but so many clusters, and the page that it is measured beside.</summary>
internal sealed class ConsoleServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private ConsoleServer(WebApplication app, Uri address, long sent) => (this.app, Address, SentOnFirstLoad) = (app, address, sent);

    public Uri Address { get; }

    /// <summary>What a browser fetches before the first page is there: document, scripts, styles and the font, as they are sent.</summary>
    public long SentOnFirstLoad { get; }

    public Uri Page(string path) => new(Address, path);

    public static async Task<ConsoleServer> StartAsync(int clusters, CancellationToken ct)
    {
        var folder = Path.Combine(TestLogs.RepositoryRoot, "src", "Console", "dist");
        if (!File.Exists(Path.Combine(folder, "index.html")))
            throw new InvalidOperationException("the console is not built (./fleet build)");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var pages = Enumerable.Range(0, (clusters + 499) / 500).Select(page => Encoding.UTF8.GetBytes(PageOf(page, clusters).ToJsonString())).ToList();
        app.MapGet("/api/v1/clusters", (HttpContext http) => Results.Bytes(pages[int.Parse((string?)http.Request.Query["continue"] ?? "0", System.Globalization.CultureInfo.InvariantCulture)], "application/json"));
        app.MapGet("/api/v1/watch", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": alive\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        app.MapGet("/bench/blank", () => Results.Content("<!doctype html><title>blank</title><p>Nothing.</p>", "text/html"));
        app.MapGet("/bench/plain", () => Results.Content(PlainTable.Html(clusters), "text/html"));
        app.MapConsole(folder);
        await app.StartAsync(ct);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return new(app, address, FirstLoad(folder));
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static JsonObject PageOf(int page, int clusters)
    {
        var items = new JsonArray();
        for (var number = page * 500; number < Math.Min(clusters, (page + 1) * 500); number++)
            items.Add(Cluster(number));
        var answer = new JsonObject { ["items"] = items, ["resourceVersion"] = "1000", ["limitedByAccess"] = false };
        if ((page + 1) * 500 < clusters)
            answer["continue"] = $"{page + 1}";
        return answer;
    }

    private static JsonObject Cluster(int number)
    {
        var isReady = number % 17 != 0;
        return new()
        {
            ["namespace"] = $"team-{number % 40}",
            ["name"] = $"cluster-{number}",
            ["uid"] = $"00000000-0000-0000-0000-{number:D12}",
            ["resourceVersion"] = $"{number}",
            ["labels"] = new JsonObject { ["env"] = number % 3 == 0 ? "prod" : "dev", ["region"] = $"eu-{number % 9}" },
            ["template"] = $"aws-standalone-cp-1-{number % 4}-0",
            ["credential"] = "aws",
            ["phase"] = isReady ? "Ready" : "Provisioning",
            ["ready"] = isReady,
            ["message"] = isReady ? "Object is ready" : $"1 of 3 machines of cluster-{number} are there",
            ["kubernetesVersion"] = $"v1.{32 + (number % 4)}.1",
            ["created"] = $"2026-0{1 + (number % 9)}-11T10:00:00Z",
            ["availableUpgrades"] = new JsonArray([.. number % 4 < 3 ? [JsonValue.Create($"aws-standalone-cp-1-{(number % 4) + 1}-0")] : Array.Empty<JsonNode>()]),
            ["conditions"] = new JsonArray(Condition("Ready", isReady), Condition("NodesReady", isReady), Condition("ServicesDeployed", true)),
            ["services"] = new JsonArray(Service("ingress"), Service("cert-manager"), Service("agent")),
        };
    }

    private static JsonObject Condition(string type, bool isTrue) => new()
    {
        ["type"] = type, ["status"] = isTrue ? "True" : "False", ["reason"] = isTrue ? "Succeeded" : "Progressing", ["message"] = "", ["lastTransitionTime"] = "2026-11-20T10:00:00Z",
    };

    private static JsonObject Service(string name) => new()
    {
        ["name"] = name, ["namespace"] = name, ["template"] = $"{name}-1-0-0", ["state"] = "Deployed", ["version"] = "1.0.0", ["since"] = "2026-11-20T10:00:00Z",
    };

    private static long FirstLoad(string folder)
    {
        var index = File.ReadAllText(Path.Combine(folder, "index.html"));
        var named = Directory.GetFiles(Path.Combine(folder, "assets")).Where(file => index.Contains(Path.GetFileName(file), StringComparison.Ordinal) || Path.GetFileName(file).Contains("latin-wght", StringComparison.Ordinal));
        return named.Append(Path.Combine(folder, "index.html")).Select(file => new FileInfo(File.Exists(file + ".br") ? file + ".br" : file).Length).Sum();
    }
}
