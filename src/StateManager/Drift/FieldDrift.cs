using System.Text.Json.Nodes;

namespace Fleet.StateManager.Drift;

/// <summary>A field that the manifest states and that is something else in the cluster, or is not there.</summary>
/// <param name="Declared">What it should be. May be secret: not for messages.</param>
internal sealed record FieldDrift(FieldPath Path, JsonNode Declared);
