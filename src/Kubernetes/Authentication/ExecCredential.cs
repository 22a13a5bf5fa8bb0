using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Configuration;

namespace Fleet.Kubernetes.Authentication;

/// <summary>
/// Runs the program of a kubeconfig (client.authentication.k8s.io) and keeps its answer until it expires or the server refuses it. One run at a
/// time; a failed run is not repeated for a few seconds, so that a broken plugin does not start a process per request.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to dispose; credentials live in records.")]
internal sealed class ExecCredential(ExecPlugin plugin, TimeProvider clock) : ClusterCredential
{
    /// <summary>Long enough for a slow identity provider; a plugin that waits for a person has no terminal here.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    /// <summary>A credential is renewed this long before it expires, so that no request is sent with one that dies on the way.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1);
    private volatile Cached? cached;
    private (KubeConfigException Error, DateTimeOffset Until)? failed;

    public override async ValueTask<CredentialMaterial> GetAsync(CancellationToken ct)
    {
        if (Usable() is { } now)
            return now;
        await gate.WaitAsync(ct);
        try
        {
            if (Usable() is { } meanwhile)
                return meanwhile;
            if (failed is { } last && clock.GetUtcNow() < last.Until)
                throw new KubeConfigException(last.Error.Message, last.Error);
            try
            {
                cached = await RunAsync(ct);
                failed = null;
                return cached.Material;
            }
            catch (KubeConfigException e)
            {
                failed = (e, clock.GetUtcNow() + FailurePause);
                throw;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public override bool Invalidate(CredentialMaterial rejected)
    {
        if (cached is { } current && ReferenceEquals(current.Material, rejected))
            cached = null;
        return true;
    }

    private CredentialMaterial? Usable() => cached is { } c && (c.Expires is null || clock.GetUtcNow() < c.Expires - Early) ? c.Material : null;

    private async Task<Cached> RunAsync(CancellationToken ct)
    {
        if (plugin.NeedsTerminal && Console.IsInputRedirected)
            throw Problem("has interactiveMode Always, but there is no terminal here");
        using var timeout = new CancellationTokenSource(Longest, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        using var process = Start();
        try
        {
            process.StandardInput.Close();
            // What it says on its error stream is read, so that it cannot block, and dropped: it may hold what must not be logged.
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, both.Token);
            var output = await process.StandardOutput.ReadToEndAsync(both.Token);
            await errors;
            await process.WaitForExitAsync(both.Token);
            return process.ExitCode == 0
                ? Read(output)
                : throw Problem($"ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}; run it by hand to see why");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            if (!ct.IsCancellationRequested)
                throw Problem($"did not end within {Longest.TotalSeconds:0} s");
            throw;
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(plugin.Command)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in plugin.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in plugin.Environment)
            start.Environment[name] = value;
        var spec = new JsonObject { ["interactive"] = false };
        if (plugin.Cluster is { } cluster)
            spec["cluster"] = cluster.DeepClone();
        start.Environment["KUBERNETES_EXEC_INFO"] =
            new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
        try
        {
            return Process.Start(start) ?? throw Problem("could not be started");
        }
        catch (Win32Exception e)
        {
            var hint = string.IsNullOrEmpty(plugin.InstallHint) ? "" : $". {plugin.InstallHint.Trim()}";
            throw Problem($"could not start \"{plugin.Command}\": {e.Message}{hint}", e);
        }
    }

    private Cached Read(string output)
    {
        JsonObject answer;
        try
        {
            answer = JsonNode.Parse(output) as JsonObject ?? throw Problem("printed no JSON object");
        }
        catch (JsonException)
        {
            throw Problem("printed something that is not JSON");
        }

        if (Text(answer, "kind") != "ExecCredential" || Text(answer, "apiVersion") != plugin.ApiVersion)
            throw Problem($"must print an ExecCredential of {plugin.ApiVersion}");
        var status = answer["status"] as JsonObject ?? throw Problem("printed no status");
        var token = Text(status, "token");
        var certificate = Text(status, "clientCertificateData");
        var key = Text(status, "clientKeyData");
        if (string.IsNullOrEmpty(token) && string.IsNullOrEmpty(certificate))
            throw Problem("printed neither a token nor a client certificate");
        if (string.IsNullOrEmpty(certificate) != string.IsNullOrEmpty(key))
            throw Problem("must print clientCertificateData and clientKeyData together");
        DateTimeOffset? expires = null;
        if (Text(status, "expirationTimestamp") is { Length: > 0 } until)
        {
            expires = DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
                ? parsed
                : throw Problem("printed an expirationTimestamp that is not a time");
        }

        try
        {
            return new(
                new()
                {
                    Authorization = string.IsNullOrEmpty(token) ? null : new("Bearer", token),
                    ClientCertificates = string.IsNullOrEmpty(certificate) ? null : ReadCertificates(certificate, key!),
                },
                expires);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Problem("printed a client certificate or key that is not valid PEM", e);
        }
    }

    private static string? Text(JsonObject map, string field) => map[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private KubeConfigException Problem(string problem, Exception? inner = null) => new($"{plugin.Where} {problem}", inner);

    private sealed record Cached(CredentialMaterial Material, DateTimeOffset? Expires);
}
