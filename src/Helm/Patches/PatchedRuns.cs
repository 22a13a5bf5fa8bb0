using System.Globalization;
using Fleet.Helm.Errors;
using Fleet.Helm.Kustomizations;
using Fleet.Helm.Processes;

namespace Fleet.Helm.Patches;

/// <summary>Runs of helm whose rendered objects are patched before helm looks at them.</summary>
internal sealed class PatchedRuns(HelmRunner helm, PatchProgram program, KubectlLocator kubectl)
{
    /// <summary>What a patched run needs beside its own arguments.</summary>
    public sealed record Extra(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
    {
        public static Extra None { get; } = new([], new Dictionary<string, string>());
    }

    /// <exception cref="HelmException">The run's own, or what is wrong with which patch.</exception>
    public async Task<ProcessResult> RunAsync(
        IReadOnlyList<ReleasePatch> patches, IReadOnlyCollection<string> secrets, Func<Extra, Task<ProcessResult>> run, CancellationToken ct)
    {
        if (patches.Count == 0)
            return await run(Extra.None);
        var binary = await helm.BinaryAsync(ct);
        using var folder = helm.CreateFolder();
        for (var count = 1; count <= patches.Count; count++)
        {
            var name = count.ToString(CultureInfo.InvariantCulture);
            Directory.CreateDirectory(Path.Combine(folder.Path, name));
            await HelmRunner.WriteAsync(folder, Path.Combine(name, PatchKustomization.FileName), PatchKustomization.File(patches.Take(count), "../rendered.yaml"), ct);
        }

        try
        {
            return await run(new(program.Arguments(binary.Version, kubectl.Locate(), folder.Path, patches.Count), program.Environment(binary.Version)));
        }
        catch (HelmException e) when (Problem(folder.Path, patches, secrets) is { } problem)
        {
            throw new HelmException(HelmErrorKind.RenderFailed, problem, e);
        }
    }

    /// <summary>Null when the patches have nothing to do with the failure.</summary>
    private static string? Problem(string folder, IReadOnlyList<ReleasePatch> patches, IReadOnlyCollection<string> secrets)
    {
        var failed = Path.Combine(folder, "failed");
        if (!File.Exists(failed) || !int.TryParse(File.ReadAllText(failed), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) || number < 1 || number > patches.Count)
            return null;
        return $"{patches[number - 1].Name}: {KubectlKustomize.Words(File.ReadAllText(Path.Combine(folder, "problem")), folder, secrets)}";
    }
}
