using System.Text.Json.Nodes;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>One thing that a manifest must not be, told from the manifest alone. Pure.</summary>
internal interface IManifestRule
{
    IEnumerable<FieldProblem> Check(ManifestInput input);
}

/// <summary>Specs as they are to be and as they are; <see cref="OldSpec"/> is null for a new object.</summary>
internal sealed record ManifestInput(string Name, JsonObject Spec, JsonObject? OldSpec);
