using Fleet.Helm.Errors;
using Fleet.Helm.Versions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fleet.Helm.Repositories;

/// <summary>One version in an index.yaml.</summary>
internal sealed record IndexEntry(SemanticVersion Semantic, string? Digest, string AppVersion, string Description, bool Deprecated, IReadOnlyList<string> Urls)
{
    public string Version => Semantic.Original;
}

/// <summary>Reads index.yaml as a stream of events: the large public ones have tens of megabytes, of which five fields matter.</summary>
internal static class RepositoryIndexReader
{
    private const int MaxVersions = 200_000;

    /// <summary>Versions per chart, newest first. Entries whose version is none are left out, as helm does.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<IndexEntry>> Read(TextReader yaml)
    {
        try
        {
            var parser = new Parser(yaml);
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            parser.Consume<MappingStart>();
            var charts = new Dictionary<string, IReadOnlyList<IndexEntry>>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<Scalar>().Value;
                if (key == "entries" && parser.TryConsume<MappingStart>(out _)) ReadCharts(parser, charts);
                else parser.SkipThisAndNestedEvents();
            }
            return charts;
        }
        catch (YamlException e)
        {
            throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"The repository's index.yaml is not valid (line {e.Start.Line}).", e);
        }
    }

    private static void ReadCharts(Parser parser, Dictionary<string, IReadOnlyList<IndexEntry>> charts)
    {
        var total = 0;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var name = parser.Consume<Scalar>().Value;
            var versions = new List<IndexEntry>();
            if (!parser.TryConsume<SequenceStart>(out _))
            {
                parser.SkipThisAndNestedEvents();
                continue;
            }
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                if (++total > MaxVersions) throw new HelmException(HelmErrorKind.RepositoryUnreachable, $"The repository's index.yaml lists more than {MaxVersions} versions.");
                if (ReadEntry(parser) is { } entry) versions.Add(entry);
            }
            charts[name] = [.. versions.OrderByDescending(v => v.Semantic)];
        }
    }

    private static IndexEntry? ReadEntry(Parser parser)
    {
        string version = "", appVersion = "", description = "", digest = "", deprecated = "";
        IReadOnlyList<string> urls = [];
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>().Value;
            switch (key)
            {
                case "version": version = Text(parser); break;
                case "appVersion": appVersion = Text(parser); break;
                case "description": description = Text(parser); break;
                case "digest": digest = Text(parser); break;
                case "deprecated": deprecated = Text(parser); break;
                case "urls": urls = Texts(parser); break;
                default: parser.SkipThisAndNestedEvents(); break;
            }
        }
        if (SemanticVersion.TryParse(version) is not { } semantic) return null;
        digest = digest.StartsWith("sha256:", StringComparison.Ordinal) ? digest["sha256:".Length..] : digest;
        return new IndexEntry(semantic, digest.Length > 0 ? digest.ToLowerInvariant() : null, appVersion, description, deprecated == "true", urls);
    }

    private static string Text(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar)) return scalar.Value;
        parser.SkipThisAndNestedEvents();
        return "";
    }

    private static List<string> Texts(Parser parser)
    {
        var all = new List<string>();
        if (!parser.TryConsume<SequenceStart>(out _))
        {
            parser.SkipThisAndNestedEvents();
            return all;
        }
        while (!parser.TryConsume<SequenceEnd>(out _)) all.Add(Text(parser));
        return all;
    }
}
