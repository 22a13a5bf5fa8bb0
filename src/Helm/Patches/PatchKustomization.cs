using System.Text;
using System.Text.Json.Nodes;
using Fleet.Helm.Values;

namespace Fleet.Helm.Patches;

/// <summary>Patches as a kustomization over one file. It names nothing else, and patches stand in it as texts: kustomize has nothing to fetch. Pure.</summary>
public static class PatchKustomization
{
    public const string FileName = "kustomization.yaml";

    /// <param name="patches">In their order.</param>
    /// <param name="resource">Path of the file with the objects.</param>
    public static byte[] File(IEnumerable<ReleasePatch> patches, string resource) => Encoding.UTF8.GetBytes(YamlJson.Text(new JsonObject
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = new JsonArray(resource),
        ["patches"] = new JsonArray([.. patches.Select(patch => new JsonObject { ["target"] = patch.Target.DeepClone(), ["patch"] = patch.Patch })]),
    }));
}
