namespace Fleet.Contracts.Schema;

/// <summary>Exactly one of these fields (wire names) must be set.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ExactlyOneOfAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields { get; } = fields;

    /// <summary>What a user is told who sets none.</summary>
    public string None { get; init; } = $"exactly one of {string.Join(", ", fields)} must be set";

    /// <summary>What a user is told who sets several.</summary>
    public string Several { get; init; } = $"exactly one of {string.Join(", ", fields)} must be set";
}
