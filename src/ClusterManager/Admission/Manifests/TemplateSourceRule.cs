using System.Text.Json.Nodes;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What the definitions of templates say about sources as CEL rules, for servers that do not evaluate them. The messages are upstream's.</summary>
internal sealed class TemplateSourceRule(string kind) : IManifestRule
{
    public IEnumerable<FieldProblem> Check(ManifestInput input)
    {
        var helm = input.Spec["helm"] as JsonObject;
        var chartSource = helm?["chartSource"] as JsonObject;
        if (chartSource is not null && kind != "ServiceTemplate")
            yield return new("spec.helm.chartSource", $".spec.helm.chartSource is not supported for {kind}s");
        if ((string?)chartSource?["localSourceRef"]?["kind"] is "Secret" or "ConfigMap")
            yield return new("spec.helm.chartSource.localSourceRef.kind", "Secret and ConfigMap are not supported as Helm chart sources");
        foreach (var problem in Remote(chartSource, "spec.helm.chartSource")
            .Concat(Remote(input.Spec["kustomize"], "spec.kustomize")).Concat(Remote(input.Spec["resources"], "spec.resources")))
            yield return problem;
        if (helm?["chartSpec"] is JsonObject chart && chart["verify"] is not null && (string?)chart["sourceRef"]?["kind"] is { Length: > 0 } source and not "HelmRepository")
            yield return new("spec.helm.chartSpec.verify", $"spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository', not '{source}'");
    }

    private static IEnumerable<FieldProblem> Remote(JsonNode? source, string path) =>
        source?["remoteSourceSpec"] is JsonObject remote
            ? [.. FluxSourceRules.OfGit(remote["git"], $"{path}.remoteSourceSpec.git"), .. FluxSourceRules.OfBucket(remote["bucket"], $"{path}.remoteSourceSpec.bucket")]
            : [];
}
