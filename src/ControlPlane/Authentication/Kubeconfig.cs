using System.Text;

namespace Fleet.ControlPlane.Authentication;

/// <summary>Writes kubeconfig files. All values are generated here or checked before, so none needs quoting beyond JSON's.</summary>
internal static class Kubeconfig
{
    public static string WithCertificate(string server, string cluster, string authority, string certificate, string key) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: "{cluster}"
          cluster:
            server: "{server}"
            certificate-authority-data: {Encoded(authority)}
        users:
        - name: "{cluster}-admin"
          user:
            client-certificate-data: {Encoded(certificate)}
            client-key-data: {Encoded(key)}
        contexts:
        - name: "{cluster}"
          context:
            cluster: "{cluster}"
            user: "{cluster}-admin"
        current-context: "{cluster}"

        """;

    private static string Encoded(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
}
