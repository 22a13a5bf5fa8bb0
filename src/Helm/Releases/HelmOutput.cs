using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Releases;

/// <summary>Reads what helm prints with <c>--output json</c>. Fields that are missing are left empty: the versions differ in what they tell.</summary>
internal static class HelmOutput
{
    public static IReadOnlyList<HelmRelease> History(string json, ReleaseName release) =>
        [.. Read(json, HelmJson.Default.ListHistoryLine).OrderByDescending(l => l.Revision).Select(l => Release(release, l.Revision, l))];

    public static IReadOnlyList<HelmRelease> List(string json) =>
        [.. Read(json, HelmJson.Default.ListListLine).Select(l => Release(
            new ReleaseName(l.Namespace, l.Name), int.Parse(l.Revision, CultureInfo.InvariantCulture), l))];

    /// <summary>Of <c>helm upgrade --output json</c>.</summary>
    public static HelmRelease Upgraded(string json, ReleaseName release)
    {
        var line = Read(json, HelmJson.Default.UpgradeOutput);
        return new HelmRelease
        {
            Name = release,
            Revision = line.Version,
            State = ReleaseStates.Parse(line.Info.Status),
            Updated = line.Info.LastDeployed,
            Description = line.Info.Description,
            Manifest = line.Manifest,
        };
    }

    private static HelmRelease Release(ReleaseName name, int revision, ReleaseLine line) => new()
    {
        Name = name,
        Revision = revision,
        State = ReleaseStates.Parse(line.Status),
        Updated = Time(line.Updated),
        Chart = line.Chart,
        AppVersion = line.AppVersion,
        Description = line.Description,
    };

    // history prints RFC 3339; list prints Go's "2006-01-02 15:04:05.999999999 +0000 UTC", with more digits than .NET reads.
    private static DateTimeOffset? Time(string text)
    {
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        var parts = text.Split(' ');
        if (parts.Length < 3) return null;
        var seconds = parts[1].Split('.')[0];
        return DateTimeOffset.TryParseExact($"{parts[0]} {seconds} {parts[2]}", "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            || DateTimeOffset.TryParseExact($"{parts[0]} {seconds} {parts[2].Insert(Math.Min(3, parts[2].Length), ":")}", "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
            ? time
            : null;
    }

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new HelmException(HelmErrorKind.Unknown, $"helm printed what is not the expected JSON ({e.Path}).", e);
        }
    }
}

internal abstract record ReleaseLine
{
    [JsonPropertyName("updated")] public string Updated { get; init; } = "";
    [JsonPropertyName("status")] public string Status { get; init; } = "";
    [JsonPropertyName("chart")] public string Chart { get; init; } = "";
    [JsonPropertyName("app_version")] public string AppVersion { get; init; } = "";
    [JsonPropertyName("description")] public string Description { get; init; } = "";
}

internal sealed record HistoryLine : ReleaseLine
{
    [JsonPropertyName("revision")] public int Revision { get; init; }
}

internal sealed record ListLine : ReleaseLine
{
    [JsonPropertyName("name")] public string Name { get; init; } = "";
    [JsonPropertyName("namespace")] public string Namespace { get; init; } = "";
    [JsonPropertyName("revision")] public string Revision { get; init; } = "0";
}

internal sealed record UpgradeOutput
{
    [JsonPropertyName("version")] public int Version { get; init; }
    [JsonPropertyName("manifest")] public string? Manifest { get; init; }
    [JsonPropertyName("info")] public UpgradeInfo Info { get; init; } = new();
}

internal sealed record UpgradeInfo
{
    [JsonPropertyName("status")] public string Status { get; init; } = "";
    [JsonPropertyName("description")] public string Description { get; init; } = "";
    [JsonPropertyName("last_deployed")] public DateTimeOffset? LastDeployed { get; init; }
}

[JsonSerializable(typeof(List<HistoryLine>))]
[JsonSerializable(typeof(List<ListLine>))]
[JsonSerializable(typeof(UpgradeOutput))]
internal sealed partial class HelmJson : JsonSerializerContext;
