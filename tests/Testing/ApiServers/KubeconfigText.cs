using System.Text;

namespace Fleet.Testing.ApiServers;

/// <summary>Kubeconfig files of one user for one server.</summary>
public static class KubeconfigText
{
    public static string WithCertificate(Uri server, string authorityPem, KeyPair client) =>
        Text(server, authorityPem, $"    client-certificate-data: {Base64(client.PublicPem)}\n    client-key-data: {Base64(client.PrivatePem)}\n");

    public static string WithToken(Uri server, string authorityPem, string token) => Text(server, authorityPem, $"    token: {token}\n");

    private static string Text(Uri server, string authorityPem, string user) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster:
            server: {server.ToString().TrimEnd('/')}
            certificate-authority-data: {Base64(authorityPem)}
        contexts:
        - name: test
          context:
            cluster: test
            user: test
        users:
        - name: test
          user:

        """ + user;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
