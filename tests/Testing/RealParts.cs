using Fleet.Testing.Processes;

namespace Fleet.Testing;

/// <summary>
/// The real programs that the tests use. A missing one is an error that names the script to run: a test is never skipped for it.
/// </summary>
public static class RealParts
{
    /// <summary>Where <c>tests/real/install.sh</c> puts what it fetches and builds.</summary>
    public static string Cache { get; } = FindCache();

    /// <summary>A folder of envtest binaries that replaces the built API server, when <c>KUBEBUILDER_ASSETS</c> names one.</summary>
    public static string? KubebuilderAssets { get; } = FindAssets();

    public static string KubeApiServer => FromAssets("kube-apiserver") ?? Require(Path.Combine(Cache, "kubernetes", "1.20.2", "kube-apiserver"));

    /// <summary>What the API server says of itself, <c>v1.20.2</c> for example, without being started.</summary>
    public static async Task<string> KubeApiServerVersionAsync() => (await ProcessOutput.RunAsync(KubeApiServer, ["--version"])).MustSucceed().Out.Split(' ')[^1].Trim();

    /// <summary>Envtest sets hold no controller manager; the built one then runs only the controllers whose APIs every version has.</summary>
    public static string KubeControllerManager =>
        FromAssets("kube-controller-manager") ?? Require(Path.Combine(Cache, "kubernetes", "1.20.2", "kube-controller-manager"));

    public static string Etcd => FromAssets("etcd") ?? Require(Path.Combine(Cache, "etcd", "etcd"));

    /// <summary>Checks PromQL and alert rules.</summary>
    public static string Promtool => Require(Path.Combine(Cache, "promtool", "promtool"));

    /// <summary>2.42, with a remote-write receiver.</summary>
    public static string Prometheus => Require(Path.Combine(Cache, "prometheus", "prometheus"));

    public static string VictoriaMetrics => Require(Path.Combine(Cache, "victoria-metrics", "victoria-metrics"));

    public static string DockerRegistry => Require(Path.Combine(Cache, "registry", "docker-registry"));

    public static string Nginx => Require(Path.Combine(Cache, "nginx", "nginx"));

    public static string Sshd => Require(Path.Combine(Cache, "sshd", "sshd"));

    /// <summary>Starts a Ceph with an S3 gateway.</summary>
    public static string MiniCeph => FindScript("mini-ceph.sh");

    /// <summary>A relay for mail; needs Debian's python3-aiosmtpd.</summary>
    public static string SmtpRelay => FindScript("smtp-relay.py");

    /// <summary>The packages of the OpenID provider, and the script that starts one.</summary>
    public static (string Modules, string Script) OidcProvider =>
        (Path.GetDirectoryName(Path.GetDirectoryName(Require(Path.Combine(Cache, "oidc-provider", "9.13.3", "node_modules", "oidc-provider", "package.json"))))!, FindScript("oidc-provider/provider.mjs"));

    /// <summary>Folder with gnome-keyring-daemon, secret-tool and their libraries.</summary>
    public static string Keyring => Path.GetDirectoryName(Require(Path.Combine(Cache, "keyring", "gnome-keyring-daemon")))!;

    public static string Alertmanager => Require("/usr/bin/prometheus-alertmanager");

    /// <summary>Every helm that Fleet supports, oldest first.</summary>
    public static IReadOnlyList<RealTool> Helms => [Helm3, Helm4];

    public static RealTool Helm3 => Tool("helm", "3.18.0");

    public static RealTool Helm4 => Tool("helm", "4.1.4");

    /// <summary>Every kubectl that the API servers are tested with, oldest first.</summary>
    public static IReadOnlyList<RealTool> Kubectls => [Tool("kubectl", "1.33"), Tool("kubectl", "1.35")];

    /// <summary>The folder with <c>initdb</c> and <c>postgres</c>.</summary>
    public static string PostgresBin => FindPostgres();

    private static RealTool Tool(string name, string version) => new(name, version, Require(Path.Combine(Cache, name, version, name)));

    private static string? FromAssets(string program)
    {
        if (KubebuilderAssets is null)
        {
            return null;
        }

        var path = Path.Combine(KubebuilderAssets, program);
        return File.Exists(path) ? path : null;
    }

    private static string Require(string path) =>
        File.Exists(path) ? path : throw new FileNotFoundException($"A real part of the tests is missing: {path}. Run tests/real/install.sh", path);

    private static string FindScript(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "tests", "real", name)))
            {
                return Path.Combine(folder, "tests", "real", name);
            }
        }

        throw new FileNotFoundException($"tests/real/{name} is in no folder above the tests.");
    }

    private static string FindCache()
    {
        var cache = Environment.GetEnvironmentVariable("FLEET_CACHE");
        if (!string.IsNullOrEmpty(cache))
        {
            return cache;
        }

        var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.Combine(
            string.IsNullOrEmpty(home) ? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/tmp", ".cache") : home, "fleet");
    }

    private static string? FindAssets()
    {
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        return !string.IsNullOrEmpty(assets) && File.Exists(Path.Combine(assets, "kube-apiserver")) ? assets : null;
    }

    private static string FindPostgres()
    {
        var set = Environment.GetEnvironmentVariable("FLEET_PG_BIN");
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(Version).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var found = debian.Concat(path).Prepend(set ?? "").FirstOrDefault(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "initdb")));
        return found ?? throw new FileNotFoundException("PostgreSQL's programs are missing. Run tests/real/install.sh");

        static int Version(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;
    }
}

/// <summary>One version of a command-line tool.</summary>
public sealed record RealTool(string Name, string Version, string Path)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name} {Version}";
}
