using Fleet.Helm;
using Fleet.Helm.Catalog;
using Fleet.Helm.Charts;

namespace Fleet.StateManager.Manifests;

/// <summary>
/// A chart that prints the objects of its values, one document each. Manifests are a Helm release like any other (docs/adr/0019): helm knows what is no longer
/// among them, takes a failed change back and keeps its history, and a fingerprint decides whether it runs at all.
/// </summary>
internal sealed class ManifestChart(HelmOptions helm)
{
    public const string Version = "1.0.0";

    private const string Name = "manifests";

    // JSON is YAML. Text, and not values: helm would read large integers as floating point.
    private const string Template = "{{- range .Values.objects }}\n---\n{{ . }}\n{{- end }}\n";

    private readonly Lock gate = new();
    private Task<ChartArchive>? making;

    /// <summary>Its value <c>objects</c> is a list of texts, each one object as JSON.</summary>
    public Task<ChartArchive> GetAsync(CancellationToken ct)
    {
        lock (gate)
        {
            // One that failed (a full disk, say) is tried again; nobody's cancellation ends it for the others.
            if (making is null or { IsFaulted: true })
                making = MakeAsync();
            return making.WaitAsync(ct);
        }
    }

    private async Task<ChartArchive> MakeAsync()
    {
        var folder = Path.Combine(helm.Folder, Name, Name);
        Directory.CreateDirectory(Path.Combine(folder, "templates"));
        await File.WriteAllTextAsync(Path.Combine(folder, "Chart.yaml"), $"apiVersion: v2\nname: {Name}\nversion: {Version}\ndescription: Manifests that come without a chart of their own\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "values.yaml"), "objects: []\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "templates", "objects.yaml"), Template);
        var packed = await ChartPackager.PackAsync(folder, CancellationToken.None);
        var path = Path.Combine(helm.Folder, Name, packed.FileName);
        await File.WriteAllBytesAsync(path, packed.Bytes);
        return new() { Path = path, Digest = packed.Digest, Content = packed.Content };
    }
}
