namespace Fleet.Helm.Binary;

/// <summary>
/// Everything a helm process finds in its environment. Homes are private to this instance, and there are no plugins: a user's own helm configuration
/// must not change what Fleet deploys.
/// </summary>
internal sealed class HelmEnvironment
{
    // What a machine behind a proxy or with its own certificates needs, and PATH for the credential plugins of trusted kubeconfigs.
    private static readonly string[] Inherited =
        ["PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

    public HelmEnvironment(HelmOptions options)
    {
        Home = Path.Combine(Path.GetFullPath(options.Folder), "home");
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = Home,
            ["LANG"] = "C.UTF-8",
            ["HELM_CACHE_HOME"] = Path.Combine(Home, "cache"),
            ["HELM_CONFIG_HOME"] = Path.Combine(Home, "config"),
            ["HELM_DATA_HOME"] = Path.Combine(Home, "data"),
            ["HELM_PLUGINS"] = Path.Combine(Home, "no-plugins"),
            ["HELM_REGISTRY_CONFIG"] = Path.Combine(Home, "no-registries.json"),
            ["HELM_REPOSITORY_CONFIG"] = Path.Combine(Home, "no-repositories.yaml"),
            ["KUBECONFIG"] = Path.Combine(Home, "no-kubeconfig"),
            // Helm lives for a quarter of a second: a quarter of its CPU went into collecting garbage. The limit makes it collect as always where a chart is large.
            ["GOGC"] = "400",
            ["GOMEMLIMIT"] = "256MiB",
        };
        foreach (var name in Inherited)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) variables[name] = value;
        Variables = variables;
    }

    public string Home { get; }

    public IReadOnlyDictionary<string, string> Variables { get; }
}
