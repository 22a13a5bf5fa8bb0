namespace Fleet.Contracts.Schema;

/// <summary>The value can not be changed once the object exists. On a class: of the whole object that the class describes.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, Inherited = false)]
public sealed class ImmutableAttribute(string message) : Attribute
{
    public string Message { get; } = message;
}
