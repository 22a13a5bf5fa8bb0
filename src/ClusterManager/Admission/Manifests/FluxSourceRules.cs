using System.Text.Json.Nodes;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What Flux' definitions say as CEL rules, for servers that do not evaluate them. The messages are Flux's.</summary>
internal sealed class FluxSourceRules(Func<JsonNode?, string, IEnumerable<FieldProblem>> check) : IManifestRule
{
    public static FluxSourceRules HelmChart { get; } = new(OfHelmChart);

    public static FluxSourceRules GitRepository { get; } = new(OfGit);

    public static FluxSourceRules Bucket { get; } = new(OfBucket);

    public IEnumerable<FieldProblem> Check(ManifestInput input) => check(input.Spec, "spec");

    public static IEnumerable<FieldProblem> OfGit(JsonNode? spec, string path)
    {
        if (spec?["serviceAccountName"] is not null && (string?)spec["provider"] is not ("azure" or "aws"))
            yield return new($"{path}.serviceAccountName", "serviceAccountName can only be set when provider is 'azure' or 'aws'");
    }

    public static IEnumerable<FieldProblem> OfBucket(JsonNode? spec, string path)
    {
        if (spec is null)
            yield break;
        var provider = (string?)spec["provider"] ?? "generic";
        if (spec["sts"] is JsonObject sts)
        {
            var service = (string?)sts["provider"];
            if (provider is not ("aws" or "generic"))
                yield return new($"{path}.sts", "STS configuration is only supported for the 'aws' and 'generic' Bucket providers");
            if (provider == "aws" && service != "aws")
                yield return new($"{path}.sts.provider", "'aws' is the only supported STS provider for the 'aws' Bucket provider");
            if (provider == "generic" && service != "ldap")
                yield return new($"{path}.sts.provider", "'ldap' is the only supported STS provider for the 'generic' Bucket provider");
            foreach (var secret in (string[])["secretRef", "certSecretRef"])
                if (service == "aws" && sts[secret] is not null)
                    yield return new($"{path}.sts.{secret}", $"spec.sts.{secret} is not required for the 'aws' STS provider");
        }
        if (spec["serviceAccountName"] is null)
            yield break;
        if (provider == "generic")
            yield return new($"{path}.serviceAccountName", "ServiceAccountName is not supported for the 'generic' Bucket provider");
        if (spec["secretRef"] is not null)
            yield return new($"{path}.serviceAccountName", "cannot set both .spec.secretRef and .spec.serviceAccountName");
    }

    private static IEnumerable<FieldProblem> OfHelmChart(JsonNode? spec, string path)
    {
        if (spec?["verify"] is not null && (string?)spec["sourceRef"]?["kind"] != "HelmRepository")
            yield return new($"{path}.verify", "spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'");
    }
}
