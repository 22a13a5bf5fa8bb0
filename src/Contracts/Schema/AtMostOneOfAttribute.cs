namespace Fleet.Contracts.Schema;

/// <summary>No more than one of these fields (wire names) may be set.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AtMostOneOfAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields { get; } = fields;

    /// <summary>What a user is told who sets several.</summary>
    public string Message { get; init; } = $"only one of {string.Join(", ", fields)} may be set";
}
