using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Configuration;
using Fleet.Testing.Time;

namespace Fleet.Kubernetes.Tests.Authentication;

/// <summary>Real programs: small shell scripts that note each run.</summary>
public sealed class ExecCredentialTests : IDisposable
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-exec-");
    private readonly ManualTimeProvider clock = new(new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => folder.Delete(recursive: true);

    private string Log => Path.Combine(folder.FullName, "log");

    private ClusterCredential Plugin(string script, string version = "v1", string more = "")
    {
        var path = Path.Combine(folder.FullName, "bin", "plugin");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\necho \"$1|$2|$EXTRA|$KUBERNETES_EXEC_INFO\" >> '{Log}'\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var config = Path.Combine(folder.FullName, "config");
        File.WriteAllText(config, $$"""
            current-context: x
            clusters: [{name: c, cluster: {server: "https://x.test", tls-server-name: api} }]
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/{{version}}
                  command: bin/plugin
                  args: ["a b", "$(touch /tmp/never)"]
                  env: [{name: EXTRA, value: more}]
                  interactiveMode: Never
                  {{more}}
            contexts: [{name: x, context: {cluster: c, user: u} }]
            """);
        return KubeConfig.LoadEndpoint(new() { Paths = [config], Clock = clock }).Credential;
    }

    private static string Print(string status, string version = "v1")
        => $$$$"""echo '{"apiVersion":"client.authentication.k8s.io/{{{{version}}}}","kind":"ExecCredential","status":{ {{{{status}}}} } }'""";

    private int Runs => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public async Task The_program_gets_arguments_environment_and_cluster_without_a_shell(string version)
    {
        var credential = Plugin(Print("\"token\":\"t1\"", version), version, "provideClusterInfo: true");
        Assert.Equal("Bearer t1", (await credential.GetAsync(None)).Authorization?.ToString());
        Assert.Equal(
            $$$$"""a b|$(touch /tmp/never)|more|{"apiVersion":"client.authentication.k8s.io/{{{{version}}}}","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://x.test","tls-server-name":"api"}}}""",
            File.ReadAllLines(Log).Single());
    }

    [Fact]
    public async Task The_answer_is_kept_until_shortly_before_it_expires()
    {
        var credential = Plugin(Print("\"token\":\"t1\",\"expirationTimestamp\":\"2026-11-20T13:00:00Z\""));
        for (var i = 0; i < 3; i++)
            await credential.GetAsync(None);
        Assert.Equal(1, Runs);
        clock.Advance(TimeSpan.FromMinutes(59) + TimeSpan.FromSeconds(55));
        await credential.GetAsync(None);
        Assert.Equal(2, Runs);
    }

    [Fact]
    public async Task A_rejected_answer_is_asked_for_again_but_only_once_for_many_callers()
    {
        var credential = Plugin(Print("\"token\":\"t1\""));
        var first = await credential.GetAsync(None);
        Assert.True(credential.Invalidate(first));
        var renewed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => credential.GetAsync(None).AsTask()));
        Assert.Single(renewed.Distinct());
        Assert.True(credential.Invalidate(first));
        await credential.GetAsync(None);
        Assert.Equal(2, Runs);
    }

    [Theory]
    [InlineData("echo s3cret >&2; exit 3", "exit code 3")]
    [InlineData("echo s3cret", "not JSON")]
    [InlineData("echo '[]'", "no JSON object")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential"}'""", "must print an ExecCredential of client.authentication.k8s.io/v1")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}'""", "no status")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""", "neither a token nor")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"s3cret"}}'""", "together")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"s3cret","clientKeyData":"s3cret"}}'""", "not valid PEM")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t","expirationTimestamp":"s3cret"}}'""", "not a time")]
    public async Task Failures_say_what_is_wrong_without_repeating_the_output_and_pause(string script, string words)
    {
        var credential = Plugin(script);
        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await credential.GetAsync(None));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("user \"u\": exec", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<KubeConfigException>(async () => await credential.GetAsync(None));
        Assert.Equal(1, Runs);
        clock.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<KubeConfigException>(async () => await credential.GetAsync(None));
        Assert.Equal(2, Runs);
    }

    [Fact]
    public async Task A_missing_program_shows_the_install_hint()
    {
        var credential = Plugin("", more: "installHint: get it at example.test");
        File.Delete(Path.Combine(folder.FullName, "bin", "plugin"));
        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await credential.GetAsync(None));
        Assert.Contains("get it at example.test", error.Message, StringComparison.Ordinal);
    }
}
