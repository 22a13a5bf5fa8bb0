using System.Text;
using Fleet.Contracts.Templates;
using Fleet.Control.Templates;

namespace Fleet.StateManager.Manifests;

/// <summary>What a template's source says before anything is rendered.</summary>
/// <param name="Secrets">Texts that no message may show.</param>
internal sealed record ManifestContent(IReadOnlyList<ManifestText> Texts, IReadOnlyCollection<string> Secrets);

/// <summary>The manifests of <c>spec.kustomize</c> and <c>spec.resources</c>: built, or the files of a folder as they are.</summary>
internal sealed class ManifestTexts(KustomizeBuilds builds)
{
    /// <summary>A release holds less.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <param name="template">Says which of the two it is.</param>
    /// <param name="source">What it is taken from.</param>
    /// <param name="path">The template's path, rendered.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ManifestException">There is nothing at the path, or it does not build.</exception>
    public async Task<ManifestContent> ReadAsync(ServiceTemplateSpec template, SourceFiles source, string path, CancellationToken ct)
    {
        if (template.Kustomize is not null)
        {
            var build = await builds.OfAsync(source, PathIn(path, source), ct);
            return new([new($"the kustomization of {source.Shown}", build.Text)], build.Secrets);
        }
        return new(Below(source, path), []);
    }

    /// <summary>The files with manifests at a path, which may be a file itself.</summary>
    /// <exception cref="ManifestException">There are none, or they are no texts.</exception>
    public static IReadOnlyList<ManifestText> Below(SourceFiles source, string path)
    {
        var texts = Files(source, path).Select(file => new ManifestText($"{source.Shown}, {file}", Text(source, file))).ToList();
        return texts.Sum(text => (long)text.Text.Length) <= MaxBytes
            ? texts
            : throw new ManifestException($"the manifests of {source.Shown} have more than {MaxBytes / 1024 / 1024} MiB");
    }

    private static IReadOnlyList<string> Files(SourceFiles source, string stated)
    {
        // Keys of a ConfigMap have no folders, and upstream reads them all.
        if (source.Kind is "ConfigMap" or "Secret")
            return source.Files.Below("");
        var path = PathIn(stated, source);
        if (source.Files.HasFile(path))
            return [path];
        var files = source.Files.Below(path).Where(file => Endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).ToList();
        return files.Count > 0 ? files : throw new ManifestException($"{source.Shown} has no file with manifests (*.yaml, *.yml, *.json) at {(stated.Length > 0 ? stated : "its root")}");
    }

    private static string PathIn(string stated, SourceFiles source) =>
        FileTree.Resolve("", stated.TrimStart('/')) ?? throw new ManifestException($"path {SourceWords.Plain(stated)} leaves {source.Shown}");

    private static string Text(SourceFiles source, string path)
    {
        var bytes = source.Files.Read(path) ?? throw new ManifestException($"{source.Shown} has lost {path}", isFault: false);
        if (bytes.Length > MaxBytes)
            throw new ManifestException($"{source.Shown}, {path} is larger than {MaxBytes / 1024 / 1024} MiB");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ManifestException($"{source.Shown}, {path} is no text");
        }
    }
}
