using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.S3;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Cost.Focus;
using Fleet.Integration.Tests.StateManager;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Collection;
using Fleet.Observability.Focus.Exports;
using Fleet.Observability.History;
using Fleet.Rest.Databases;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Observability;

/// <summary>Costs in a real bucket, from a real PostgreSQL, declared at the embedded API server.</summary>
public sealed class CostExportTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>, IAsyncLifetime
{
    private const string Bucket = "bills";

    private static readonly DateTimeOffset Start = new(TimeProvider.System.GetUtcNow().UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour - 4 * TimeSpan.TicksPerHour, TimeSpan.Zero);

    private FilledLedger ledger = null!;
    private WebApplication? application;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => ledger = await FilledLedger.StartAsync(Start);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ledger.DisposeAsync();
    }

    [Fact]
    public async Task Months_are_put_into_the_bucket_replaced_as_a_whole_and_not_sent_twice()
    {
        var ceph = await MiniCeph.SharedAsync();
        using var s3 = Client(ceph);
        await ledger.AddAsync(0, 60, Cancel);
        await StartAsync();

        // What is missing comes later, and is named until then.
        await ApplyAsync(ceph.Endpoint);
        await ExportedAsync("SecretMissing");
        await environment.ApplyAsync($$$"""
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"bills","namespace":"{{{StateManagerEnvironment.Namespace}}}"},"stringData":{"accesskey":"{{{ceph.AccessKey}}}","secretkey":"{{{ceph.SecretKey}}}"} }
            """);
        await AskAsync("1");
        Assert.DoesNotContain(ceph.SecretKey, (await ExportedAsync("BucketRefused")).ToJsonString(), StringComparison.Ordinal);
        await s3.PutBucketAsync(Bucket, Cancel);
        await AskAsync("2");
        var first = await ExportedAsync("Exported");
        Assert.Equal("2", (string?)first["lastRequest"]);
        var (rows, sent) = await ReadAsync(s3, first);
        Assert.Empty(FocusValidator.Validate(rows));
        Assert.Equal(await PaidAsync(), Sum(rows), 6);

        // Nothing has changed: it is looked at, and not sent.
        await AskAsync("3");
        var second = await ExportedAsync("Exported", status => (string?)status["lastRequest"] == "3");
        Assert.Equal(Running(first)["sha256"]!.ToString(), Running(second)["sha256"]!.ToString());
        Assert.Equal(sent, (await ReadAsync(s3, second)).Sent);

        // More has come, in another process.
        await StopAsync();
        await ledger.AddAsync(61, 180, Cancel);
        await StartAsync();
        await AskAsync("4");
        var third = await ExportedAsync("Exported", status => (string?)status["lastRequest"] == "4");
        Assert.NotEqual(Running(second)["sha256"]!.ToString(), Running(third)["sha256"]!.ToString());
        Assert.Equal(await PaidAsync(), Sum((await ReadAsync(s3, third)).Rows), 6);

        // A store that is away leaves what is there.
        await ApplyAsync($"127.0.0.1:{FreePort.Next()}");
        await ExportedAsync("BucketUnreachable");
        Assert.Equal(await PaidAsync(), Sum((await ReadAsync(s3, third)).Rows), 6);
    }

    private async Task<double> PaidAsync() => (await ledger.Reader.ReadAsync(new(Start, Start.AddHours(5)), TimeSpan.FromHours(5), null, Cancel)).Single().Assets.TotalCost;

    private static double Sum(FocusTable table) => Enumerable.Range(0, table.Rows.Count).Sum(row => double.Parse(table.Value(row, "BilledCost")!, CultureInfo.InvariantCulture));

    private static JsonNode Running(JsonObject status) => status["periods"]!.AsArray()[^1]!;

    /// <summary>All months together: the hours of the test may lie in two.</summary>
    private static async Task<(FocusTable Rows, DateTime? Sent)> ReadAsync(AmazonS3Client s3, JsonObject status)
    {
        var (all, columns, sent) = (new List<IReadOnlyList<string?>>(), Array.Empty<string>(), default(DateTime?));
        foreach (var period in status["periods"]!.AsArray())
        {
            using var answer = await s3.GetObjectAsync(Bucket, (string)period!["key"]!, Cancel);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, Cancel);
            Assert.Equal((string?)period["sha256"], Convert.ToHexStringLower(SHA256.HashData(content.ToArray())));
            content.Position = 0;
            using var reader = new StreamReader(new GZipStream(content, CompressionMode.Decompress));
            var table = FocusCsv.Read(reader, 10_000);
            Assert.Equal((long)period["rows"]!, table.Rows.Count);
            (columns, sent) = ([.. table.Columns], answer.LastModified);
            all.AddRange(table.Rows);
        }
        Assert.StartsWith("costs/billing_period=", (string?)Running(status)["key"], StringComparison.Ordinal);
        return (new(columns, all), sent);
    }

    private Task ApplyAsync(string endpoint) => environment.ApplyAsync($$$"""
        {"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"CostExport","metadata":{"name":"bills","namespace":"{{{StateManagerEnvironment.Namespace}}}"},
         "spec":{"focusVersion":"1.3","bucket":{"endpoint":"{{{endpoint}}}","name":"{{{Bucket}}}","region":"default","prefix":"costs","insecure":true,"secretRef":{"name":"bills"} } } }
        """);

    private Task AskAsync(string request) => environment.Management.Dynamic(FleetKinds.CostExports.Kind).PatchAsync(
        new(StateManagerEnvironment.Namespace, "bills"),
        Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetAnnotations.ReconcileRequested] = request } } }), PatchOptions.Default, Cancel);

    private async Task<JsonObject> ExportedAsync(string reason, Func<JsonObject, bool>? expected = null)
    {
        var found = await StateManagerEnvironment.EventuallyAsync(
            () => environment.GetAsync("CostExport", "bills"),
            export => export?.At("status") is JsonObject status && (expected is null || expected(status))
                && (status["conditions"] as JsonArray ?? []).Any(condition => (string?)condition!["type"] == "Exported" && (string?)condition["reason"] == reason),
            $"CostExport {reason}");
        return (JsonObject)found!.At("status")!;
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(environment.Management);
        builder.Services.AddDbContextFactory<HistoryContext>(options => options.UseNpgsql(ledger.ConnectionString));
        builder.Services.AddSingleton<MigratedContexts<HistoryContext>>();
        builder.Services.AddSingleton<EventStore>();
        builder.Services.AddCollection(new());
        builder.Services.AddCostExports();
        application = builder.Build();
        await application.StartAsync(Cancel);
    }

    private async Task StopAsync()
    {
        if (application is not null)
            await application.DisposeAsync();
        application = null;
    }

    private static AmazonS3Client Client(MiniCeph ceph) => new(ceph.AccessKey, ceph.SecretKey, new AmazonS3Config
    {
        ServiceURL = "http://" + ceph.Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = "default",
        RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
    });
}
