namespace Fleet.Contracts.Schema;

/// <summary>A CEL rule of the schema, for API servers that evaluate them; admission enforces the same in code everywhere.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true, Inherited = false)]
public sealed class RuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;
}
