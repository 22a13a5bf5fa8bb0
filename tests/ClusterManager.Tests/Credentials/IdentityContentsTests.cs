using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Credentials;

namespace Fleet.ClusterManager.Tests.Credentials;

public class IdentityContentsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly string Pem = MakePem();

    public static TheoryData<string, string, string?> Cases => new()
    {
        { "AccessKeyID", "AKIAEXAMPLE", null },
        { "SecretAccessKey", "canary\n", "has white space in it (a line break at its end?)" },
        { "password", "two words are fine", null },
        { "password", "canary ", "has white space around it (a line break at its end?)" },
        { "AZURE_CLIENT_ID", "0b2f6f4e-31a2-4e0c-9d8f-0a3b5c7d9e11", null },
        { "AZURE_SUBSCRIPTION_ID", "my-subscription", "is no GUID" },
        { "AZURE_TENANT_ID", "contoso.example", null },
        { "credentials", "canary", "is no JSON object, but a service account's key file is" },
        { "credentials", "{}", "has no field type, so it is no credentials file of Google Cloud" },
        { "credentials", """{"type":"service_account","client_email":"a@b"}""", "lacks private_key, token_uri" },
        { "credentials", """{"type":"service_account","client_email":"a@b","token_uri":"https://t","private_key":"canary"}""", "has a private_key that is no PEM key" },
        { "credentials", new JsonObject { ["type"] = "service_account", ["client_email"] = "a@b", ["token_uri"] = "https://t", ["private_key"] = Pem }.ToJsonString(), null },
        { "credentials", """{"type":"external_account"}""", null },
        { "clouds.yaml", "clouds: [", "is no YAML" },
        { "clouds.yaml", "a: b", "has no clouds" },
        { "clouds.yaml", "clouds: {openstack: {auth: {username: canary}}}", "has no URL in clouds.openstack.auth.auth_url" },
        { "clouds.yaml", "clouds: {openstack: {auth: {auth_url: \"https://keystone:5000/v3\"}}}", null },
        { "value", Pem, null },
        { "value", Kubeconfig("token: opaque"), null },
        { "kubeconfig", Pem, "is no kubeconfig that Fleet can use: " },
        { "value", "canary", "is no kubeconfig that Fleet can use: " },
        { "value", Kubeconfig($"token: {Jwt(Now.AddMinutes(1))}"), null },
        { "value", Kubeconfig($"token: {Jwt(Now.AddMinutes(-1))}"), "has a client credential that expired on 2026-11-21 11:59Z" },
        { "value", Kubeconfig("token: not.a.jwt"), null },
        { "value", Kubeconfig("exec: {apiVersion: client.authentication.k8s.io/v1, command: canary}"), "is no kubeconfig that Fleet can use: " },
        { "something-else", "\n", null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_checked_by_what_their_key_promises(string key, string text, string? begins)
    {
        var problem = IdentityContents.Problem(key, text, Now);
        if (begins is null)
            Assert.Null(problem);
        else
            Assert.StartsWith(begins, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_certificate_that_has_ended_is_told()
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=someone", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-2), Now.AddDays(-1));
        var user = $"client-certificate-data: {Base64(certificate.ExportCertificatePem())}, client-key-data: {Base64(key.ExportPkcs8PrivateKeyPem())}";
        Assert.Equal("has a client credential that expired on 2026-11-20 12:00Z", IdentityContents.Problem("value", Kubeconfig(user), Now));
    }

    private static string Kubeconfig(string user) =>
        $$$"""
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: { {{{user}}} }}]
        """;

    private static string Jwt(DateTimeOffset expiry) =>
        $"e30.{Base64(new JsonObject { ["exp"] = expiry.ToUnixTimeSeconds() }.ToJsonString()).TrimEnd('=')}.c2ln";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string MakePem()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
