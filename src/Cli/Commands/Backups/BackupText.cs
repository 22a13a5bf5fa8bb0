using System.Globalization;
using Fleet.Backup.Archives;
using Fleet.Backup.Snapshots;
using Fleet.Backup.Targets;
using Fleet.Cli.Output;
using Fleet.Contracts.Api;

namespace Fleet.Cli.Commands.Backups;

/// <summary>Backups in words.</summary>
internal static class BackupText
{
    public static string Content(ArchiveManifest manifest) =>
        $"{manifest.Parts.Sum(part => part.Objects)} objects{(manifest.Find(ManagementSnapshot.PostgresPart) is { } dump ? $", {Size(dump.Size)} of database" : "")}, {Size(manifest.Parts.Sum(part => part.StoredSize))} stored";

    public static IReadOnlyList<IReadOnlyList<string>> Rows(BackupsView made, DateTimeOffset now) =>
    [
        .. made.Items.Select(view => (IReadOnlyList<string>)
        [
            view.Engine == "velero" ? $"{view.Namespace}/{view.Name} (Velero)" : view.Name, view.Schedule ?? "-", view.Phase, view.SizeBytes > 0 ? Size(view.SizeBytes) : "-",
            view.Objects > 0 ? view.Objects.ToString(CultureInfo.InvariantCulture) : "-", view.StartedAt is { } started ? Age.Of(started, now) : "-", view.Message ?? "",
        ]),
    ];

    public static IEnumerable<string> Remarks(ArchiveManifest manifest) =>
        manifest.Warnings.Concat(manifest.Missing.Select(missing => $"Not there, and so not in the backup: {missing}."));

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.##} GiB"),
    };

    public static void Write(TextWriter output, BackupName name, ArchiveManifest manifest)
    {
        output.WriteLine($"Backup:      {name}");
        output.WriteLine($"Taken:       {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss} to {manifest.CompletedAt:HH:mm:ss} UTC, by Fleet {manifest.Origin.FleetVersion}, format {manifest.FormatVersion}");
        output.WriteLine($"Cluster:     {manifest.Origin.ClusterUid}, Kubernetes {manifest.Origin.KubernetesVersion}");
        output.WriteLine($"Release:     {manifest.Origin.Release ?? "unknown"}");
        output.WriteLine($"Content:     {Content(manifest)}");
        foreach (var remark in Remarks(manifest))
            output.WriteLine($"Remark:      {remark}");
        output.WriteLine();
        new TextTable(["PART", "OBJECTS", "SIZE", "STORED"]).Write(
            output,
            [.. manifest.Parts.Where(part => part.Objects > 0 || part.Content == PartContent.PostgresDump).Select(part => (IReadOnlyList<string>)[part.Name, $"{part.Objects}", Size(part.Size), Size(part.StoredSize)])],
            withHeads: true);
    }
}
