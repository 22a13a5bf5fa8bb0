using System.Text.Json.Nodes;

namespace Fleet.Helm.Patches;

/// <summary>A change of rendered objects, as kustomize knows it.</summary>
/// <param name="Name">What a message calls it.</param>
/// <param name="Target">Kustomize's selector of the objects that it is for.</param>
/// <param name="Patch">A strategic merge, or a list of JSON6902 operations.</param>
public sealed record ReleasePatch(string Name, JsonObject Target, string Patch)
{
    /// <summary>Equal for what changes objects in the same way.</summary>
    public string Content => $"{Target.ToJsonString()}\n{Patch}";
}
