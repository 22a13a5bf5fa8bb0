using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Fleet.Helm.Errors;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Core;

namespace Fleet.Helm.Charts;

/// <summary>Reads and checks a packed chart without helm. Links, absolute paths, "..", devices and bombs are refused; nothing is written anywhere.</summary>
public static class ChartReader
{
    private const long RatioFrom = 1024 * 1024;

    /// <summary>Throws <see cref="HelmException"/> of kind ChartInvalid.</summary>
    public static async Task<ChartContent> ReadAsync(Stream archive, ChartLimits limits, CancellationToken ct)
    {
        try
        {
            return Content(await FilesAsync(archive, limits, ct));
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or JsonException or EndOfStreamException or DecoderFallbackException)
        {
            throw new HelmException(HelmErrorKind.ChartInvalid, $"The chart archive cannot be read: {e.Message}", e);
        }
    }

    private static async Task<Dictionary<string, byte[]>> FilesAsync(Stream archive, ChartLimits limits, CancellationToken ct)
    {
        var packed = archive.CanSeek ? archive.Length : long.MaxValue / limits.MaxRatio;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var gzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        await using var bounded = BoundedStream.Unpacked(gzip, limits.MaxUnpackedBytes, Math.Max(RatioFrom, packed * limits.MaxRatio));
        await using var tar = new TarReader(bounded);
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
        {
            if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes) continue;
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw new InvalidDataException($"{Shown(entry.Name)} is a {entry.EntryType}; only plain files are allowed.");
            var name = ChartPath(entry.Name);
            if (entry.Length > limits.MaxFileBytes) throw new InvalidDataException($"{Shown(name)} is larger than {limits.MaxFileBytes} bytes.");
            if (files.Count >= limits.MaxFiles) throw new InvalidDataException($"It has more than {limits.MaxFiles} files.");
            var content = new byte[entry.Length];
            if (entry.DataStream is { } data) await data.ReadExactlyAsync(content, ct);
            // A second file of the same name could show one content to a checker and another to helm.
            if (!files.TryAdd(name, content)) throw new InvalidDataException($"{Shown(name)} is there twice.");
        }
        return files;
    }

    /// <summary>The path below the chart's own folder.</summary>
    private static string ChartPath(string name)
    {
        if (name.Contains('\\', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) || name.StartsWith('/'))
            throw new InvalidDataException($"{Shown(name)} is not a path inside the chart.");
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToList();
        if (parts.Contains("..")) throw new InvalidDataException($"{Shown(name)} leaves the chart.");
        if (parts.Count < 2) throw new InvalidDataException($"{Shown(name)} is not inside the chart's folder.");
        return string.Join('/', parts.Skip(1));
    }

    private static ChartContent Content(Dictionary<string, byte[]> files)
    {
        if (!files.TryGetValue("Chart.yaml", out var chart)) throw new InvalidDataException("Chart.yaml is missing.");
        var metadata = ChartMetadataReader.Read(YamlValues.ParseObject(Text(chart)));
        var wrapped = ThinWrapperPrefix(metadata, files);
        var prefix = wrapped ?? "";
        var valuesText = Optional(files, prefix + "values.yaml") ?? "";
        if (wrapped is not null && files.TryGetValue(prefix + "Chart.yaml", out var inner))
            metadata = metadata with { Description = ChartMetadataReader.Read(YamlValues.ParseObject(Text(inner))).Description };
        var schema = Optional(files, prefix + "values.schema.json");
        if (schema is not null) using (JsonDocument.Parse(schema)) { }
        return new ChartContent
        {
            Metadata = metadata,
            ValuesText = valuesText,
            Values = YamlValues.ParseObject(valuesText),
            Schema = schema,
            Readme = Optional(files, prefix + "README.md") ?? "",
            Crds = [.. files.Where(f => IsCrd(f.Key)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => Text(f.Value))],
            IsThinWrapper = wrapped is not null,
            TemplateTexts = TemplateTexts.Of(files.Select(f => KeyValuePair.Create(f.Key, f.Key.EndsWith(".tgz", StringComparison.Ordinal) ? "" : Text(f.Value)))),
        };
    }

    // Only an unpacked dependency can be read; a packed one inside the archive keeps the wrapper's own values.
    private static string? ThinWrapperPrefix(ChartMetadata metadata, Dictionary<string, byte[]> files)
    {
        if (metadata.Dependencies is not [{ } only] || only.Name != metadata.Name) return null;
        var prefix = $"charts/{only.Name}/";
        return files.ContainsKey(prefix + "Chart.yaml") ? prefix : null;
    }

    private static bool IsCrd(string path) =>
        path.StartsWith("crds/", StringComparison.Ordinal)
        && (path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".json", StringComparison.Ordinal));

    private static string? Optional(Dictionary<string, byte[]> files, string name) => files.TryGetValue(name, out var content) ? Text(content) : null;

    private static string Text(byte[] content)
    {
        var text = Encoding.UTF8.GetString(content);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }

    private static string Shown(string name) => name.Length <= 120 ? name : name[..120] + "…";
}
