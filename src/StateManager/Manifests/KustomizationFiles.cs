using System.Text.Json.Nodes;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Yaml;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Manifests;

/// <summary>
/// Follows a kustomization through all that it refers to, before kustomize does: kustomize fetches whatever looks like a URL, so everything has to be in the
/// source. Collects on the way what messages must not show. Pure but for reading the files.
/// </summary>
internal sealed class KustomizationFiles
{
    private static readonly string[] Names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    /// <summary>Files or folders with a kustomization of their own.</summary>
    private static readonly string[] Bases = ["resources", "bases", "components"];

    /// <summary>Settings of kustomize's builtin generators and transformers: a file, a folder, or the text itself.</summary>
    private static readonly string[] Plugins = ["generators", "transformers", "validators"];

    private static readonly string[] Charts = ["helmCharts", "helmChartInflationGenerator"];

    private const int MaxFolders = 500;

    private readonly FileTree files;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> secrets = new(StringComparer.Ordinal);

    private KustomizationFiles(FileTree files) => this.files = files;

    /// <summary>Texts that no message may show.</summary>
    /// <exception cref="ManifestException">It refers to something that is not in the source, or wants what is not done.</exception>
    public static IReadOnlyCollection<string> Check(FileTree files, string folder)
    {
        var walk = new KustomizationFiles(files);
        if (walk.KustomizationIn(folder) is null)
            throw new ManifestException($"there is no {Names[0]} in {Shown(folder)}");
        try
        {
            walk.Folder(folder);
        }
        catch (ArgumentException)
        {
            throw new ManifestException("a field of the kustomization stands twice, in capital and in small letters");
        }
        return walk.secrets;
    }

    private string? KustomizationIn(string folder) => Names.Select(name => folder.Length == 0 ? name : $"{folder}/{name}").FirstOrDefault(files.HasFile);

    private void Folder(string folder)
    {
        if (!seen.Add(folder))
            return;
        if (seen.Count > MaxFolders)
            throw new ManifestException($"the kustomization has more than {MaxFolders} folders");
        var name = KustomizationIn(folder) ?? throw new ManifestException($"there is no {Names[0]} in {Shown(folder)}");
        var at = new Place(folder, name);
        var content = Single(at, files.ReadText(name)!);
        if (Charts.FirstOrDefault(content.ContainsKey) is { } chart)
            throw new ManifestException($"{name}: {chart} is not supported: kustomize is run without helm; make the chart a service of its own with spec.helm");
        foreach (var entry in Bases.SelectMany(field => Texts(content[field])))
            Base(at, entry);
        foreach (var entry in Texts(content["crds"]).Concat(Texts(content["configurations"])).Concat(Paths(content["patches"])).Concat(Paths(content["patchesJson6902"]))
            .Concat(Paths(content["replacements"])).Concat(Texts(content["openapi"]?["path"])))
            File(at, entry);
        foreach (var entry in Texts(content["patchesStrategicMerge"]))
            Patch(at, entry);
        foreach (var patch in Items(content["patches"]).Concat(Items(content["patchesJson6902"])).Where(patch => patch["path"] is null))
            InlinePatch(patch);
        foreach (var entry in Plugins.SelectMany(field => Texts(content[field])))
            Plugin(at, entry);
        foreach (var generator in Items(content["configMapGenerator"]))
            Generator(at, generator, isSecret: false);
        foreach (var generator in Items(content["secretGenerator"]))
            Generator(at, generator, isSecret: true);
    }

    private void Base(Place at, string entry)
    {
        var path = Local(at, entry);
        if (!files.HasFile(path))
            Folder(path);
        else
            Remember(files.ReadText(path));
    }

    private string File(Place at, string entry)
    {
        var path = Local(at, entry);
        if (!files.HasFile(path))
            throw new ManifestException($"{at.File} refers to {SourceWords.Plain(entry)}, which is a folder; a file is expected");
        Remember(files.ReadText(path));
        return path;
    }

    private void Patch(Place at, string entry)
    {
        if (entry.Contains('\n', StringComparison.Ordinal))
            Remember(entry);
        else
            File(at, entry);
    }

    private void InlinePatch(JsonObject patch)
    {
        var text = Texts(patch["patch"]).FirstOrDefault();
        Remember(text);
        // A JSON patch says only beside itself that it is for a Secret.
        if (text is null || (string?)patch["target"]?["kind"] is not (null or "Secret"))
            return;
        try
        {
            secrets.UnionWith((KubernetesYaml.Parse(text) as JsonArray ?? []).SelectMany(step => ServiceValues.Texts((step as JsonObject)?["value"])));
        }
        catch (KubernetesYamlException)
        {
            // Several documents, or none that is right: then kustomize decides.
        }
    }

    private void Plugin(Place at, string entry)
    {
        if (entry.Contains('\n', StringComparison.Ordinal))
        {
            Settings(at, entry);
            return;
        }
        var path = Local(at, entry);
        if (files.HasFile(path))
            Settings(at with { File = path }, files.ReadText(path)!);
        else
            Folder(path);
    }

    /// <summary>Settings of a builtin plugin have fields that kustomize loads as it loads those of a kustomization.</summary>
    private void Settings(Place at, string text)
    {
        foreach (var settings in Documents(at, text))
        {
            if ((string?)settings["apiVersion"] != "builtin" || settings["metadata"]?["annotations"]?["config.kubernetes.io/function"] is not null)
                throw new ManifestException($"{at.File}: {settings["kind"]} is no builtin of kustomize: plugins and functions are not run");
            if ((string?)settings["kind"] == "HelmChartInflationGenerator")
                throw new ManifestException($"{at.File}: kustomize is run without helm; make the chart a service of its own with spec.helm");
            if ((string?)settings["kind"] is "SecretGenerator" or "ConfigMapGenerator")
                Generator(at, settings, (string?)settings["kind"] == "SecretGenerator");
            foreach (var entry in Texts(settings["path"]).Concat(Paths(settings["replacements"])).Concat(Texts(settings["paths"])))
                Patch(at, entry);
        }
    }

    private void Generator(Place at, JsonObject generator, bool isSecret)
    {
        var named = Texts(generator["files"]).Select(entry => entry[(entry.IndexOf('=', StringComparison.Ordinal) + 1)..])
            .Concat(Texts(generator["envs"])).Concat(Texts(generator["env"])).Select(entry => File(at, entry)).ToList();
        if (!isSecret)
            return;
        foreach (var text in named.Select(path => files.ReadText(path)!))
            secrets.UnionWith(text.Split('\n').Select(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()).Append(text.Trim()).Where(part => part.Length > 0));
        foreach (var literal in Texts(generator["literals"]))
            secrets.Add(literal[(literal.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\''));
    }

    private string Local(Place at, string entry)
    {
        var path = FileTree.Resolve(at.Folder, entry);
        if (path is not null && (files.HasFile(path) || files.HasFolder(path)))
            return path;
        throw new ManifestException(
            SourceWords.IsRemote(entry) ? $"{at.File} refers to {SourceWords.Plain(entry)}: nothing is fetched while a kustomization is built; bring it into the source"
            : path is null ? $"{at.File} refers to {SourceWords.Plain(entry)}, which leads out of the source"
            : $"{at.File} refers to {SourceWords.Plain(entry)}, which is not in the source");
    }

    private void Remember(string? manifests)
    {
        if (manifests?.Contains("Secret", StringComparison.Ordinal) != true)
            return;
        try
        {
            foreach (var secret in KubernetesYaml.ReadAll(manifests).Where(item => (string?)item["kind"] == "Secret"))
                secrets.UnionWith(ServiceValues.Texts(secret["stringData"]).Concat(ServiceValues.Texts(secret["data"])));
        }
        catch (KubernetesYamlException)
        {
            // Kustomize will say so, and quotes nothing of what it cannot read.
        }
    }

    private static JsonObject Single(Place at, string text) => Documents(at, text) switch
    {
        [var only] => only,
        _ => throw new ManifestException($"{at.File}: one document is expected"),
    };

    private static List<JsonObject> Documents(Place at, string text)
    {
        try
        {
            // Kustomize finds a field whatever the case of its letters.
            return [.. KubernetesYaml.ReadAll(text).Select(document => (JsonObject)JsonNode.Parse(document.ToJsonString(), new JsonNodeOptions { PropertyNameCaseInsensitive = true })!)];
        }
        catch (KubernetesYamlException e)
        {
            throw new ManifestException($"{at.File}: {e.Message}");
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 => [text],
        _ => [],
    };

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string> Paths(JsonNode? list) => Items(list).SelectMany(item => Texts(item["path"]));

    private static string Shown(string folder) => folder.Length == 0 ? "the root of the source" : folder;

    private readonly record struct Place(string Folder, string File);
}
