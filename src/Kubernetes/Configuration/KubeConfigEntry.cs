using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.Kubernetes.Configuration;

/// <summary>One named cluster, user or context together with where it came from, so that messages and relative paths are right after merging.</summary>
internal sealed class KubeConfigEntry(string kind, string name, string source, string? folder, JsonObject fields)
{
    internal string Name => name;
    internal string? Folder => folder;
    internal JsonObject Fields => fields;

    internal KubeConfigException Problem(string field, string problem, Exception? inner = null)
        => new($"{source}: {kind} \"{name}\": {field} {problem}", inner);

    internal string? Text(string field) => fields[field] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        // A token or a name of digits only is a number to YAML and text to whoever wrote it.
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => value.ToJsonString(),
        _ => throw Problem(field, "must be a string"),
    };

    internal bool Flag(string field) => fields[field] switch
    {
        null => false,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Problem(field, "must be true or false"),
    };

    /// <summary>PEM given in place as base64 (<c>field-data</c>), else by file; null when neither is set.</summary>
    internal string? Pem(string field, KubeConfigOptions options)
    {
        if (Text(field + "-data") is { Length: > 0 } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException)
            {
                throw Problem(field + "-data", "is not valid base64");
            }
        }

        return Text(field) is { Length: > 0 } file ? ReadFile(field, file, options) : null;
    }

    private string ReadFile(string field, string file, KubeConfigOptions options)
    {
        var path = Resolve(field, file, options);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Problem(field, $"names the file {path}, which cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Relative paths count from the file that holds the entry.</summary>
    internal string Resolve(string field, string file, KubeConfigOptions options)
    {
        if (!options.AllowFiles)
            throw Problem(field, "names a file, which is not allowed for this kubeconfig; put the content into it");
        return folder is null || Path.IsPathRooted(file) ? file : Path.GetFullPath(Path.Combine(folder, file));
    }
}
