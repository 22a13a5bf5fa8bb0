using System.Text;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Tests.Scripted;
using Fleet.Testing.Time;

namespace Fleet.Kubernetes.Tests.Configuration;

public sealed class KubeConfigTests : IDisposable
{
    private const string Basic = """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - name: c1
          cluster:
            server: https://one.example.test:6443/prefix
        - name: c2
          cluster: {server: https://two.example.test, insecure-skip-tls-verify: true}
        users:
        - name: u1
          user: {token: s3cret}
        contexts:
        - name: one
          context: {cluster: c1, user: u1, namespace: team}
        - name: two
          context: {cluster: c2, user: u1}
        - name: broken
          context: {cluster: nope, user: u1}
        """;

    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-kubeconfig-");

    public void Dispose() => folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static ClusterEndpoint Parse(string yaml, KubeConfigOptions? options = null) => KubeConfig.Parse(yaml, "the file").Endpoint(options);

    /// <summary>The basic file with one cluster's or user's fields replaced.</summary>
    private static string With(string cluster = "server: https://x", string user = "token: t")
        => $"current-context: x\nclusters: [{{name: c, cluster: {{{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\ncontexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n";

    private static async Task<string?> HeaderAsync(ClusterEndpoint endpoint) => (await endpoint.Credential.GetAsync(None)).Authorization?.ToString();

    [Fact]
    public async Task The_current_context_gives_server_namespace_and_token()
    {
        var endpoint = Parse(Basic);
        Assert.Equal(("https://one.example.test:6443/prefix", "team", "Bearer s3cret"), (endpoint.Server.ToString(), endpoint.Namespace, await HeaderAsync(endpoint)));
    }

    [Fact]
    public void An_insecure_cluster_is_refused_unless_allowed()
    {
        var error = Assert.Throws<KubeConfigException>(() => Parse(Basic, new() { Context = "two" }));
        Assert.Equal("the file: cluster \"c2\": insecure-skip-tls-verify is set, which is refused unless the caller allows it explicitly; give a certificate-authority instead", error.Message);
        Assert.True(Parse(Basic, new() { Context = "two", AllowInsecureTls = true }).InsecureSkipTlsVerify);
    }

    [Fact]
    public async Task Files_merge_and_the_first_one_wins_entry_by_entry()
    {
        var first = Write("a/config", "clusters: [{name: c1, cluster: {server: https://first.test}}]\nusers: [{name: extra, user: {token: x}}]");
        var second = Write("b/config", Basic);
        var config = KubeConfig.Load(new() { Paths = [first, second] });
        Assert.Equal("one", config.CurrentContext);
        Assert.Equal(["one", "two", "broken"], config.Contexts);
        Assert.Equal("first.test", config.Endpoint().Server.Host);
        Assert.Equal("Bearer s3cret", await HeaderAsync(config.Endpoint()));
    }

    [Fact]
    public async Task Relative_paths_count_from_the_file_that_holds_them()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Client("jane", rsa: true);
        Write("a/pki/ca.pem", authority.Pem);
        Write("a/pki/me.pem", certificate);
        Write("a/pki/me.key", key);
        var path = Write("a/config", With("server: https://x, certificate-authority: pki/ca.pem, tls-server-name: api", "client-certificate: pki/me.pem, client-key: pki/me.key"));
        var endpoint = KubeConfig.LoadEndpoint(new() { Paths = [path] });
        Assert.Equal((authority.Pem, "api"), (endpoint.CertificateAuthorityPem, endpoint.TlsServerName));
        Assert.Equal("CN=jane", Assert.Single((await endpoint.Credential.GetAsync(None)).ClientCertificates!).Subject);
        Assert.Contains("which is not allowed", Assert.Throws<KubeConfigException>(() => KubeConfig.LoadEndpoint(new() { Paths = [path], AllowFiles = false })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_in_place_go_together_with_a_token()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Client("jane", rsa: false);
        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        var endpoint = Parse(With($"server: https://x, certificate-authority-data: {Base64(authority.Pem)}", $"token: 0123, client-certificate-data: {Base64(certificate)}, client-key-data: {Base64(key)}"));
        var material = await endpoint.Credential.GetAsync(None);
        Assert.NotNull(material.Authorization);
        Assert.True(Assert.Single(material.ClientCertificates!).HasPrivateKey);
        Assert.Same(material, await endpoint.Credential.GetAsync(None));
    }

    [Fact]
    public async Task A_token_file_wins_over_a_token_and_is_read_again()
    {
        var clock = new ManualTimeProvider();
        var token = Write("token", "first\n");
        var endpoint = Parse(With(user: $"token: t, tokenFile: {token}"), new() { Clock = clock });
        Assert.Equal("Bearer first", await HeaderAsync(endpoint));
        Write("token", "second\n");
        Assert.Equal("Bearer first", await HeaderAsync(endpoint));
        clock.Advance(TimeSpan.FromMinutes(2));
        var second = await endpoint.Credential.GetAsync(None);
        Assert.Equal("Bearer second", second.Authorization?.ToString());
        Assert.False(endpoint.Credential.Invalidate(second));
        Write("token", "third\n");
        Assert.True(endpoint.Credential.Invalidate(second));
        Assert.Equal("Bearer third", await HeaderAsync(endpoint));
        File.Delete(token);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("Bearer third", await HeaderAsync(endpoint));
    }

    [Fact]
    public void Impersonation_and_proxy_are_taken_over()
    {
        var endpoint = Parse(With("server: x.test, proxy-url: 'socks5://p.test:1080'", "as: jane, as-groups: [dev], as-uid: '7', as-user-extra: {k: [v]}"));
        Assert.Equal(("https://x.test/", "socks5://p.test:1080/"), (endpoint.Server.ToString(), endpoint.Proxy?.ToString()));
        Assert.Equal(("jane", "7", "dev", "v"), (endpoint.Impersonate!.User, endpoint.Impersonate.Uid, endpoint.Impersonate.Groups[0], endpoint.Impersonate.Extra["k"][0]));
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "clusters: 7", "the file: clusters must be a list" },
        { "clusters: [{cluster: {}}]", "the file: clusters[0] needs a name" },
        { "kind: Pod", "the file is not a kubeconfig: kind must be Config" },
        { "- x", "the file is not a kubeconfig: it must be a mapping" },
        { "a: [", "the file is not a kubeconfig: YAML document 1, line" },
        { "{}", "current-context is not set" },
        { "current-context: x", "there is no context \"x\" (there are: none)" },
        { Basic.Replace("current-context: one", "current-context: broken", StringComparison.Ordinal), "there is no cluster \"nope\" that context \"broken\" names (there are: c1, c2)" },
        { With(cluster: "server: ''"), "cluster \"c\": server must be a URL" },
        { With(cluster: "server: 'ftp://x'"), "cluster \"c\": server must be a URL" },
        { With(cluster: "server: https://x, certificate-authority-data: '!!'"), "cluster \"c\": certificate-authority-data is not valid base64" },
        { With(cluster: "server: https://x, certificate-authority-data: czNjcmV0"), "cluster \"c\": certificate-authority holds no PEM block CERTIFICATE" },
        { With(cluster: "server: https://x, certificate-authority: /does/not/exist"), "cluster \"c\": certificate-authority names the file /does/not/exist, which cannot be read" },
        { With(cluster: "server: https://x, proxy-url: 'ftp://user:s3cret@p'"), "cluster \"c\": proxy-url must be a URL with scheme http, https or socks5" },
        { With(user: "token: {s3cret: 1}"), "user \"u\": token must be a string" },
        { With(user: "client-key-data: czNjcmV0"), "user \"u\": client-certificate is missing" },
        { With(user: "client-certificate-data: czNjcmV0, client-key-data: czNjcmV0"), "user \"u\": client-certificate and client-key are not a PEM certificate" },
        { With(user: "auth-provider: {name: gcp}"), "user \"u\": auth-provider is no longer supported" },
        { With(user: "exec: {command: x}"), "user \"u\": exec.apiVersion must be" },
        { With(user: "exec: {apiVersion: client.authentication.k8s.io/v1, command: x}"), "user \"u\": exec.interactiveMode is missing" },
        { With(user: "exec: {apiVersion: client.authentication.k8s.io/v1beta1}"), "user \"u\": exec.command is missing" },
        { With(user: "as-groups: [x]"), "user \"u\": as is missing" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Problems_name_file_entry_and_field_and_no_secret(string yaml, string message)
    {
        var error = Assert.Throws<KubeConfigException>(() => Parse(yaml));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("the file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("czNjcmV0", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_must_exist()
        => Assert.Contains("/does/not/exist", Assert.Throws<KubeConfigException>(() => KubeConfig.Load(new() { Paths = ["/does/not/exist"] })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_pod_finds_its_cluster()
    {
        using var authority = new TestAuthority();
        Write("token", "pod-token");
        Write("ca.crt", authority.Pem);
        Write("namespace", "team\n");
        var endpoint = InClusterConfig.Load(n => n == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : "443", folder.FullName, TimeProvider.System);
        Assert.Equal(("https://[fd00::1]/", "team", "Bearer pod-token"), (endpoint.Server.ToString(), endpoint.Namespace, await HeaderAsync(endpoint)));
        Assert.Throws<KubeConfigException>(() => InClusterConfig.Load(_ => null, folder.FullName, TimeProvider.System));
    }
}
