using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Kubernetes.Configuration;

/// <summary>
/// Kubeconfig files, merged as kubectl merges them: for each named cluster, user and context the first file that has it wins as a whole, and the
/// first current-context that is set wins. Every problem is a <see cref="KubeConfigException"/>.
/// </summary>
public sealed class KubeConfig
{
    private readonly Dictionary<string, KubeConfigEntry> clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeConfigEntry> users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KubeConfigEntry> contexts = new(StringComparer.Ordinal);
    private readonly List<string> sources = [];

    private KubeConfig()
    {
    }

    public string? CurrentContext { get; private set; }

    public IReadOnlyCollection<string> Contexts => contexts.Keys;

    /// <summary>Reads and merges the files. Files that KUBECONFIG names and that do not exist are passed over, as kubectl does; explicit ones must exist.</summary>
    public static KubeConfig Load(KubeConfigOptions? options = null)
    {
        var config = new KubeConfig();
        var isExplicit = options?.Paths is not null;
        foreach (var path in options?.Paths ?? DefaultPaths())
        {
            string text;
            try
            {
                text = File.ReadAllText(path);
            }
            catch (Exception e) when (!isExplicit && e is FileNotFoundException or DirectoryNotFoundException)
            {
                continue;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new KubeConfigException($"{path} cannot be read: {e.Message}", e);
            }

            config.Add(text, path, Path.GetDirectoryName(Path.GetFullPath(path)));
        }

        return config.sources.Count > 0
            ? config
            : throw new KubeConfigException($"there is no kubeconfig (looked for {string.Join(", ", options?.Paths ?? DefaultPaths())}); set KUBECONFIG or name a file");
    }

    /// <summary>From text, for instance out of a Secret. <paramref name="name"/> stands for the file in messages.</summary>
    public static KubeConfig Parse(string yaml, string name)
    {
        var config = new KubeConfig();
        config.Add(yaml, name, null);
        return config;
    }

    /// <summary>What a context points to; null takes the current one.</summary>
    public ClusterEndpoint Endpoint(KubeConfigOptions? options = null)
    {
        options ??= new();
        var (context, cluster, user) = Entries(options);
        return KubeConfigEndpoint.Create(context, cluster, user, options);
    }

    /// <summary>
    /// As <see cref="LoadEndpoint"/>, for whoever runs for long: when the file changes, its credential is taken from there within a minute, and at once when the server refuses the former
    /// one. Server and authority stay.
    /// </summary>
    public static ClusterEndpoint FollowEndpoint(string path, string? context = null, TimeProvider? clock = null)
    {
        var options = new KubeConfigOptions { Paths = [path], Context = context, Clock = clock ?? TimeProvider.System };
        var endpoint = LoadEndpoint(options);
        return endpoint with { Credential = new Authentication.FollowedCredential(path, endpoint.Credential, () => LoadEndpoint(options).Credential, options.Clock) };
    }

    /// <summary>
    /// The kubeconfig of one context alone, for use on another machine: certificates and keys are in it. Holds secrets.
    /// </summary>
    /// <exception cref="KubeConfigException">Also when the user's credential comes from a program or a token file, which another machine does not have.</exception>
    public string Standalone(KubeConfigOptions? options = null)
    {
        options ??= new();
        var (context, cluster, user) = Entries(options);
        return KubernetesYaml.Write(StandaloneKubeConfig.Create(context, cluster, user, options));
    }

    /// <summary>Shorthand for <see cref="Load"/> and <see cref="Endpoint"/>.</summary>
    public static ClusterEndpoint LoadEndpoint(KubeConfigOptions? options = null) => Load(options).Endpoint(options);

    private static List<string> DefaultPaths()
        => Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list
            ? list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList()
            : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];

    private void Add(string text, string source, string? folder)
    {
        JsonObject root;
        try
        {
            root = KubernetesYaml.Parse(text) switch
            {
                JsonObject map => map,
                null => [],
                _ => throw new KubeConfigException($"{source} is not a kubeconfig: it must be a mapping"),
            };
        }
        catch (KubernetesYamlException e)
        {
            throw new KubeConfigException($"{source} is not a kubeconfig: {e.Message}", e);
        }

        if (root["kind"] is { } kind && kind.ToJsonString() != "\"Config\"")
            throw new KubeConfigException($"{source} is not a kubeconfig: kind must be Config");
        sources.Add(source);
        AddEntries(root, "clusters", "cluster", clusters, source, folder);
        AddEntries(root, "users", "user", users, source, folder);
        AddEntries(root, "contexts", "context", contexts, source, folder);
        if (string.IsNullOrEmpty(CurrentContext) && root["current-context"] is JsonValue current && current.TryGetValue<string>(out var name) && name.Length > 0)
            CurrentContext = name;
    }

    private static void AddEntries(JsonObject root, string list, string field, Dictionary<string, KubeConfigEntry> into, string source, string? folder)
    {
        if (root[list] is null)
            return;
        if (root[list] is not JsonArray entries)
            throw new KubeConfigException($"{source}: {list} must be a list");
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] is not JsonObject entry || entry["name"] is not JsonValue value)
                throw new KubeConfigException($"{source}: {list}[{i}] needs a name");
            var name = value.TryGetValue<string>(out var text) ? text : value.ToJsonString();
            if (entry[field] is not (null or JsonObject))
                throw new KubeConfigException($"{source}: {list}[{i}].{field} must be a mapping");
            into.TryAdd(name, new(field, name, source, folder, entry[field] as JsonObject ?? []));
        }
    }

    private (KubeConfigEntry Context, KubeConfigEntry Cluster, KubeConfigEntry? User) Entries(KubeConfigOptions options)
    {
        var name = options.Context ?? CurrentContext
            ?? throw new KubeConfigException($"{string.Join(", ", sources)}: current-context is not set and no context was named (there are: {Names(contexts)})");
        var context = Find(contexts, "context", name, "");
        var cluster = Find(clusters, "cluster", context.Text("cluster") ?? throw context.Problem("cluster", "is missing"), $" that context \"{name}\" names");
        var user = context.Text("user") is { Length: > 0 } userName ? Find(users, "user", userName, $" that context \"{name}\" names") : null;
        return (context, cluster, user);
    }

    private KubeConfigEntry Find(Dictionary<string, KubeConfigEntry> entries, string what, string name, string why)
        => entries.TryGetValue(name, out var entry)
            ? entry
            : throw new KubeConfigException($"{string.Join(", ", sources)}: there is no {what} \"{name}\"{why} (there are: {Names(entries)})");

    private static string Names(Dictionary<string, KubeConfigEntry> entries)
        => entries.Count == 0 ? "none" : string.Join(", ", entries.Keys.Order(StringComparer.Ordinal).Take(20));
}
