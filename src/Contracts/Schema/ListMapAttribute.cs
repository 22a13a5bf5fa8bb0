namespace Fleet.Contracts.Schema;

/// <summary>A list whose items are told apart by keys (wire names): no two may have the same, and server-side apply merges by them.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class ListMapAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys { get; } = keys;
}
