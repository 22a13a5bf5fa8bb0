using Fleet.Control.Templates;
using Fleet.Helm.Errors;
using Fleet.Helm.Kustomizations;

namespace Fleet.StateManager.Manifests;

/// <summary>A kustomization that was built, and what of it no message may show.</summary>
internal sealed record KustomizeBuild(string Text, IReadOnlyCollection<string> Secrets);

/// <summary>Kustomizations of one content are built once, however many clusters get them.</summary>
internal sealed class KustomizeBuilds(IKustomize kustomize)
{
    private const int MaxCharacters = 16 * 1024 * 1024;

    private readonly KeptResults<(string Digest, string Path), KustomizeBuild> builds = new(MaxCharacters, build => build.Text.Length);

    /// <exception cref="ManifestException">It does not build.</exception>
    public async Task<KustomizeBuild> OfAsync(SourceFiles source, string path, CancellationToken ct)
    {
        try
        {
            return await builds.GetAsync((source.Digest, path), () => BuildAsync(source, path), ct);
        }
        catch (HelmException e)
        {
            throw new ManifestException(e.Message, !e.IsTransient && e.Kind != HelmErrorKind.BinaryMissing);
        }
    }

    private async Task<KustomizeBuild> BuildAsync(SourceFiles source, string path)
    {
        var secrets = KustomizationFiles.Check(source.Files, path);
        var request = new KustomizeRequest { Path = path, Secrets = secrets };
        request = source.Files switch
        {
            FolderTree folder => request with { Folder = folder.Root },
            MemoryTree memory => request with { Files = memory.Files },
            _ => throw new InvalidOperationException($"{source.Files.GetType().Name} is no tree that can be built"),
        };
        return new(await kustomize.BuildAsync(request, CancellationToken.None), secrets);
    }
}
