namespace Fleet.Contracts.Schema;

/// <summary>The value may be set later, but never changed or removed once it is set.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class ImmutableOnceSetAttribute(string message) : Attribute
{
    public string Message { get; } = message;
}
