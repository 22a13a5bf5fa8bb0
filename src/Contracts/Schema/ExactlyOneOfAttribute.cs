namespace Fleet.Contracts.Schema;

/// <summary>Exactly one of these fields (wire names) must be set.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ExactlyOneOfAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields { get; } = fields;
}
