using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Tests.Scripted;

namespace Fleet.Kubernetes.Tests.Configuration;

public sealed class StandaloneKubeConfigTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-kubeconfig-");

    public void Dispose() => folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public async Task Files_are_put_in_place_and_other_contexts_stay_out()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Client("jane", rsa: false);
        Write("ca.pem", authority.Pem);
        Write("jane.crt", certificate);
        Write("jane.key", key);
        var file = Write("config", """
            current-context: other
            clusters:
            - {name: c, cluster: {server: 'https://one.example.test:6443', certificate-authority: ca.pem, tls-server-name: inside, unknown: field}}
            - {name: d, cluster: {server: 'https://two.example.test', certificate-authority: nowhere.pem}}
            users:
            - {name: u, user: {client-certificate: jane.crt, client-key: jane.key, as: boss}}
            - {name: v, user: {token: secret-of-another}}
            contexts:
            - {name: one, context: {cluster: c, user: u, namespace: team}}
            - {name: other, context: {cluster: d, user: v}}
            """);
        var text = KubeConfig.Load(new() { Paths = [file] }).Standalone(new() { Context = "one" });

        var endpoint = KubeConfig.Parse(text, "elsewhere").Endpoint(new() { AllowExec = false, AllowFiles = false });
        Assert.Equal(("https://one.example.test:6443/", "team", "inside", "boss"), (endpoint.Server.ToString(), endpoint.Namespace, endpoint.TlsServerName, endpoint.Impersonate!.User));
        Assert.Equal(authority.Pem, endpoint.CertificateAuthorityPem);
        var material = await endpoint.Credential.GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal("CN=jane", Assert.Single(material.ClientCertificates!).Subject);
        Assert.DoesNotContain("secret-of-another", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, interactiveMode: Never}", "user \"u\": exec starts a program, which works only where that program is installed")]
    [InlineData("tokenFile: /var/token", "user \"u\": tokenFile names a file that is renewed on this machine only")]
    [InlineData("client-certificate: nowhere.crt", "nowhere.crt, which cannot be read")]
    [InlineData("client-certificate-data: aGVsbG8=", "client-key is missing")]
    public void What_works_on_this_machine_only_is_refused(string user, string problem)
    {
        var file = Write("config", $"current-context: x\nclusters: [{{name: c, cluster: {{server: 'https://x'}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\ncontexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n");
        var error = Assert.Throws<KubeConfigException>(() => KubeConfig.Load(new() { Paths = [file] }).Standalone());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
