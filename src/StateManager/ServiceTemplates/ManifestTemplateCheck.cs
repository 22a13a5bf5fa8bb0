using Fleet.Contracts.Templates;
using Fleet.Control.Templates;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Manifests;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>Checks templates of kustomizations and plain manifests: fetched, built, and read as far as that can be done without a cluster.</summary>
internal sealed class ManifestTemplateCheck(ISourceFiles sources, ManifestTexts texts)
{
    /// <summary>Stands for the release that nobody knows yet.</summary>
    private static readonly ReleaseName Any = new("", "check");

    public async Task<TemplateCheck> CheckAsync(ServiceTemplateSpec spec, ObjectKey template, CancellationToken ct)
    {
        var (field, source) = spec.Kustomize is { } kustomize ? ("spec.kustomize", kustomize) : ("spec.resources", spec.Resources!);
        if (source.DeploymentType == "Local")
            return Wrong($"{field}.deploymentType Local is not supported: services are installed in managed clusters only; use Remote");
        SourceFiles? files = null;
        try
        {
            files = await sources.FetchAsync(source, template, null, ct);
            // A path with braces is another one for each cluster.
            var content = source.Path?.Contains("{{", StringComparison.Ordinal) == true ? new([], []) : await texts.ReadAsync(spec, files, source.Path ?? "", ct);
            // A template may become anything; it is read when it has been rendered for a cluster.
            if (content.Texts.Count > 0 && !content.Texts.Any(text => text.Text.Contains("{{", StringComparison.Ordinal)))
            {
                var set = ManifestReader.Read(content.Texts, Any, null);
                if (ReleaseRoom.Problem([.. set.Objects.Select(YamlJson.Text)]) is { } problem)
                    return Wrong(problem) with { Source = files };
            }
            return new(null, KubernetesCompatibility.ConstraintProblem(spec.K8sConstraint), false) { Source = files, Interval = await sources.IntervalAsync(source, template, ct) };
        }
        catch (TemplateChartException e)
        {
            // What is refused may be mended where it comes from.
            return new(null, e.Message, e.MayAppear) { Interval = e.MayAppear ? null : await sources.IntervalAsync(source, template, ct) };
        }
        catch (ManifestException e)
        {
            // What is wrong in a source is mended in the source, so it is looked at again as one that works.
            return new(null, $"{field}: {e.Message}", !e.IsFault) { Source = files, Interval = await sources.IntervalAsync(source, template, ct) };
        }
    }

    private static TemplateCheck Wrong(string error) => new(null, error, false);
}
