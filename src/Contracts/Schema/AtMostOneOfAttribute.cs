namespace Fleet.Contracts.Schema;

/// <summary>No more than one of these fields (wire names) may be set.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AtMostOneOfAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields { get; } = fields;
}
