using System.Text.Json.Nodes;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Providers of a Management, a Region or a Release are told apart by name, and values of charts are objects.</summary>
internal sealed class ProviderNamesRule : IManifestRule
{
    public IEnumerable<FieldProblem> Check(ManifestInput input)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var providers = input.Spec["providers"] as JsonArray ?? [];
        for (var index = 0; index < providers.Count; index++)
        {
            var name = (string?)providers[index]?["name"] ?? "";
            if (name.Length == 0)
                yield return new($"spec.providers[{index}].name", "must name a provider");
            else if (!seen.Add(name))
                yield return new($"spec.providers[{index}].name", $"provider {name} is in the list already");
            if (IsNoObject(providers[index]?["config"]))
                yield return new($"spec.providers[{index}].config", "must be an object with the values of the chart");
        }
        foreach (var core in (string[])["kcm", "capi"])
            if (IsNoObject(input.Spec["core"]?[core]?["config"]))
                yield return new($"spec.core.{core}.config", "must be an object with the values of the chart");
    }

    private static bool IsNoObject(JsonNode? config) => config is not null and not JsonObject;
}
