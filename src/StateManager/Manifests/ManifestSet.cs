using System.Text.Json.Nodes;

namespace Fleet.StateManager.Manifests;

/// <summary>Objects that become one release, each once.</summary>
/// <param name="Objects">What the release holds, in the order of the manifests; helm orders by kind.</param>
/// <param name="Foundations">
/// What has to be in the cluster before helm looks at the rest, and stays when the release goes: definitions of kinds, with whose deletion all data would be
/// deleted, and the release's own namespace, where helm keeps its records.
/// </param>
/// <param name="Secrets">Texts that no message may show.</param>
internal sealed record ManifestSet(IReadOnlyList<JsonObject> Objects, IReadOnlyList<JsonObject> Foundations, IReadOnlyCollection<string> Secrets);
