using System.Globalization;
using Fleet.Kubernetes.Authentication;

namespace Fleet.Kubernetes.Configuration;

/// <summary>The endpoint that a pod finds in its environment and in its service account's volume.</summary>
public static class InClusterConfig
{
    private const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>True inside a pod with a service account.</summary>
    public static bool IsAvailable
        => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists(Path.Combine(DefaultFolder, "token"));

    public static ClusterEndpoint Load(TimeProvider? clock = null) => Load(Environment.GetEnvironmentVariable, DefaultFolder, clock ?? TimeProvider.System);

    internal static ClusterEndpoint Load(Func<string, string?> environment, string folder, TimeProvider clock)
    {
        var host = environment("KUBERNETES_SERVICE_HOST");
        var port = environment("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || !int.TryParse(port, CultureInfo.InvariantCulture, out var number))
            throw new KubeConfigException("this is not a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set");
        var token = Path.Combine(folder, "token");
        if (!File.Exists(token))
            throw new KubeConfigException($"the pod has no service account token at {token} (automountServiceAccountToken?)");
        return new()
        {
            Server = new UriBuilder("https", host, number).Uri,
            CertificateAuthorityPem = Read(Path.Combine(folder, "ca.crt")) ?? throw new KubeConfigException($"the pod has no CA at {folder}/ca.crt"),
            Namespace = Read(Path.Combine(folder, "namespace"))?.Trim() is { Length: > 0 } ns ? ns : "default",
            Credential = ClusterCredential.TokenFile(token, clock),
        };
    }

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
