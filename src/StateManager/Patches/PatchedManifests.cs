using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Services;
using Fleet.Helm.Errors;
using Fleet.Helm.Kustomizations;
using Fleet.Helm.Patches;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.StateManager.Manifests;

namespace Fleet.StateManager.Patches;

/// <summary>
/// Patches objects that Fleet itself has rendered: before they become a release, so that what is wrong with a patch is known before helm runs, and definitions
/// of kinds, which helm never sees, are patched like everything else.
/// </summary>
internal sealed class PatchedManifests(IKustomize kustomize)
{
    private const string Objects = "objects.yaml";
    private const long MaxKept = 16 * 1024 * 1024;

    private readonly KeptResults<string, string> results = new(MaxKept, text => text.Length);

    /// <param name="texts">Rendered.</param>
    /// <param name="release">What they become.</param>
    /// <param name="type">One of <see cref="ServiceTypes"/>.</param>
    /// <param name="patches">In their order.</param>
    /// <param name="secrets">What no message may show.</param>
    /// <param name="layered">As <see cref="ManifestReader.Read"/> has it.</param>
    /// <param name="ct">Ends the work.</param>
    /// <exception cref="ManifestException">The manifests or a patch are wrong; a patch is named.</exception>
    public async Task<IReadOnlyList<ManifestText>> OfAsync(
        IReadOnlyList<ManifestText> texts, ReleaseName release, string type, IReadOnlyList<ReleasePatch> patches, IReadOnlyCollection<string> secrets, bool layered, CancellationToken ct)
    {
        if (patches.Count == 0)
            return texts;
        var set = ManifestReader.Read(texts, release, type == ServiceTypes.Kustomize ? release.Namespace : null, layered);
        var objects = set.Foundations.Concat(set.Objects).ToList();
        if (objects.Count == 0)
            return texts;
        var documents = Encoding.UTF8.GetBytes(string.Join("\n---\n", objects.Select(YamlJson.Text)));
        HashSet<string> hidden = [.. secrets, .. set.Secrets];
        try
        {
            var key = Key(documents, patches);
            return [new("the patched manifests", await results.GetAsync(key, () => BuildAsync(documents, patches, hidden, CancellationToken.None), ct))];
        }
        catch (HelmException e) when (e.Kind != HelmErrorKind.RenderFailed)
        {
            throw new ManifestException(e.Message, !e.IsTransient && e.Kind != HelmErrorKind.BinaryMissing);
        }
        catch (HelmException e)
        {
            throw new ManifestException(await NamedAsync(documents, patches, hidden, ct) ?? e.Message);
        }
    }

    /// <summary>Kustomize does not say which patch it means: the first with which the ones before it do not work out any more.</summary>
    private async Task<string?> NamedAsync(byte[] documents, IReadOnlyList<ReleasePatch> patches, IReadOnlyCollection<string> secrets, CancellationToken ct)
    {
        for (var count = 1; count <= patches.Count; count++)
        {
            try
            {
                await BuildAsync(documents, [.. patches.Take(count)], secrets, ct);
            }
            catch (HelmException e)
            {
                return $"{patches[count - 1].Name}: {e.Message}";
            }
        }

        return null;
    }

    private static string Key(byte[] documents, IReadOnlyList<ReleasePatch> patches) =>
        Convert.ToHexString(SHA256.HashData([.. documents, .. Encoding.UTF8.GetBytes(string.Join('\0', patches.Select(patch => patch.Content).Prepend("")))]));

    private Task<string> BuildAsync(byte[] documents, IReadOnlyList<ReleasePatch> patches, IReadOnlyCollection<string> secrets, CancellationToken ct) => kustomize.BuildAsync(
        new()
        {
            Path = "",
            Files = new Dictionary<string, byte[]> { [Objects] = documents, [PatchKustomization.FileName] = PatchKustomization.File(patches, Objects) },
            Secrets = secrets,
        }, ct);
}
