using System.Text.Json;
using Fleet.Host.Data;

namespace Fleet.Host.Start;

/// <summary>Where a running fleet answers. Written when it is ready, removed when it stops; read by the CLI.</summary>
public sealed record Endpoints
{
    public required int ProcessId { get; init; }
    public required string Api { get; init; }
    public required string Rest { get; init; }
    public required string Kubeconfig { get; init; }
    public required string Version { get; init; }
    public required bool External { get; init; }

    /// <summary>embedded or external, as --capi-core says it.</summary>
    public required string CapiCore { get; init; }

    /// <summary>File with whom to trust at <see cref="Rest"/>; null: the system knows, or it is plain HTTP.</summary>
    public string? CertificateAuthority { get; init; }

    public void Write(DataFolder folder)
    {
        var temporary = folder.EndpointsFile + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(this, SettingsJson.Default.Endpoints));
        File.Move(temporary, folder.EndpointsFile, overwrite: true);
    }

    public static Endpoints? Read(string endpointsFile) => File.Exists(endpointsFile)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(endpointsFile), SettingsJson.Default.Endpoints)
        : null;
}
