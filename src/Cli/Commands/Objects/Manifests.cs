using System.Text.Json.Nodes;
using Fleet.Cli.Output;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Commands.Objects;

/// <summary>Objects read from files, folders or standard input, in an order in which each finds what it needs.</summary>
internal static class Manifests
{
    /// <param name="sources">Files, folders (with everything below them) or <c>-</c>.</param>
    public static IReadOnlyList<Manifest> Read(IEnumerable<string> sources)
    {
        var all = sources.SelectMany(Files).SelectMany(Parse).ToList();
        if (all.Count == 0)
            throw new CommandException("There is no object in what was given. A manifest has apiVersion, kind and metadata.name.", ExitCodes.Usage);
        return [.. all.OrderBy(Rank)];
    }

    private static IEnumerable<string> Files(string source)
    {
        if (source == "-" || File.Exists(source))
            return [source];
        if (Directory.Exists(source))
        {
            return Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json")
                .Order(StringComparer.Ordinal);
        }

        throw new CommandException($"{source} is neither a file nor a folder.", ExitCodes.Usage);
    }

    private static IEnumerable<Manifest> Parse(string file)
    {
        var text = file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file);
        IReadOnlyList<JsonObject> documents;
        try
        {
            documents = [.. KubernetesYaml.ReadAll(text)];
        }
        catch (FormatException error)
        {
            throw new CommandException($"{file}: {error.Message}", ExitCodes.Usage);
        }

        return documents.SelectMany(Items).Select(document => new Manifest(file, new DynamicObject(document)));
    }

    private static IEnumerable<JsonObject> Items(JsonObject document) =>
        (string?)document["kind"] == "List" && document["items"] is JsonArray items
            ? items.OfType<JsonObject>().Select(item => item.DeepClone().AsObject())
            : [document];

    /// <summary>CRDs and namespaces first, then what others refer to; the order in the files is kept otherwise.</summary>
    private static int Rank(Manifest manifest) => manifest.Object.Kind switch
    {
        "CustomResourceDefinition" => 0,
        "Namespace" => 1,
        "ServiceAccount" or "Secret" or "ConfigMap" => 2,
        _ => 3,
    };
}

/// <param name="Source">The file, for messages.</param>
internal sealed record Manifest(string Source, DynamicObject Object)
{
    public GroupVersionKind Kind => GroupVersionKind.Parse(
        Object.ApiVersion ?? throw new CommandException($"{Source}: apiVersion is missing.", ExitCodes.Usage),
        Object.Kind ?? throw new CommandException($"{Source}: kind is missing.", ExitCodes.Usage));
}
