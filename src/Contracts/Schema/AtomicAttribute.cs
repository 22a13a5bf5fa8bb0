namespace Fleet.Contracts.Schema;

/// <summary>A list or an object that server-side apply replaces as a whole. On a class: wherever the class is used.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, Inherited = false)]
public sealed class AtomicAttribute : Attribute;
