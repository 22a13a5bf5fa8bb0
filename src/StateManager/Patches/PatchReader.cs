using Fleet.Helm.Patches;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Patches;

/// <summary>The patches of a set, rendered.</summary>
/// <param name="Secrets">What their texts may have been rendered with.</param>
internal sealed record PatchReading(IReadOnlyList<StatedPatch> Patches, IReadOnlyCollection<string> Secrets)
{
    public static PatchReading None { get; } = new([], []);

    /// <summary>Null unless they cannot be worked out.</summary>
    public PatchException? Problem { get; init; }

    /// <exception cref="PatchException">One of them cannot be used.</exception>
    public IReadOnlyList<ReleasePatch> For(string @namespace) => Problem is null ? [.. Patches.Select(patch => ReleasePatchFrom.Of(patch, @namespace))] : throw Problem;
}

/// <summary>Reads <c>provider.config.patches</c> of a set; their texts are templates over the cluster's objects, as values are.</summary>
internal sealed class PatchReader(RenderedTexts rendered)
{
    /// <summary>Throws only when the management API itself fails.</summary>
    public async Task<PatchReading> ReadAsync(ServiceSet set, ObjectKey cluster, RenderMemory memory, PostedSources posted, CancellationToken ct)
    {
        try
        {
            var stated = PatchSettings.Of(set.Spec.Provider?.Config);
            if (stated.Count == 0)
                return PatchReading.None;
            var secrets = new HashSet<string>();
            var results = await rendered.OfAsync(set, cluster, [.. stated.Select(patch => new SourceText(patch.Name, patch.Text, true))], memory, secrets, ct, posted: posted);
            return new([.. stated.Zip(results, (patch, result) =>
                result.Text is { } text ? patch with { Text = text } : throw new PatchException($"{patch.Name} cannot be rendered: {result.Error}"))], secrets);
        }
        catch (PatchException e)
        {
            return PatchReading.None with { Problem = e };
        }
        catch (TemplateInputsException e)
        {
            return PatchReading.None with { Problem = new($"provider.config.patches: {e.Message}", e.IsFault) };
        }
    }
}
