using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Host.Data;

/// <summary>What a fleet decided at its first start and keeps: ports, so that kubeconfigs stay valid over restarts.</summary>
public sealed record Settings
{
    public int ApiPort { get; init; }
    public int RestPort { get; init; }
    public int PostgresPort { get; init; }

    public static Settings? Read(DataFolder folder)
    {
        var file = FileOf(folder);
        return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), SettingsJson.Default.Settings) : null;
    }

    /// <summary>Replaces the file in one step, so that a crash leaves the old or the new one.</summary>
    public void Write(DataFolder folder)
    {
        var temporary = FileOf(folder) + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(this, SettingsJson.Default.Settings));
        File.Move(temporary, FileOf(folder), overwrite: true);
    }

    private static string FileOf(DataFolder folder) => Path.Combine(folder.Path, "settings.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(Settings))]
[JsonSerializable(typeof(Start.Endpoints))]
internal sealed partial class SettingsJson : JsonSerializerContext;
