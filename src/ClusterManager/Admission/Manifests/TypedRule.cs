using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>A rule over the spec as its type. A spec that has the wrong shape is left to the schema, which says better what is wrong.</summary>
internal abstract class TypedRule<TSpec>(JsonTypeInfo<TSpec> json) : IManifestRule
    where TSpec : class
{
    public IEnumerable<FieldProblem> Check(ManifestInput input)
    {
        try
        {
            return input.Spec.Deserialize(json) is { } spec ? Check(spec) : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    protected abstract IEnumerable<FieldProblem> Check(TSpec spec);
}
