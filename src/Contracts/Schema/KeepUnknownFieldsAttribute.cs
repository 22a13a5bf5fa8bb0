namespace Fleet.Contracts.Schema;

/// <summary>Fields that the type does not name are kept: for objects whose full form is defined elsewhere and grows.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KeepUnknownFieldsAttribute : Attribute;
