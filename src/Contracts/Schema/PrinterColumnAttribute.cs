namespace Fleet.Contracts.Schema;

/// <summary>A column of <c>kubectl get</c>; priority 1 is shown with <c>-o wide</c> only. Columns are in the order of <see cref="Order"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PrinterColumnAttribute(int order, string name, string type, string jsonPath) : Attribute
{
    /// <summary>Reflection promises no order of attributes.</summary>
    public int Order { get; } = order;

    public string Name { get; } = name;

    public string Type { get; } = type;

    public string JsonPath { get; } = jsonPath;

    public string? Description { get; init; }

    public int Priority { get; init; }
}
