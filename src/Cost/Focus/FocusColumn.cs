namespace Fleet.Cost.Focus;

/// <summary>A column of the Cost and Usage dataset.</summary>
/// <param name="Name">As it is written in files.</param>
/// <param name="Type">What it holds.</param>
/// <param name="IsMandatory">Whether every file has it.</param>
/// <param name="IsNullable">Whether rows may have nothing in it.</param>
public sealed record FocusColumn(string Name, FocusType Type, bool IsMandatory, bool IsNullable)
{
    /// <summary>Empty when anything goes.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Whether it is a number that is never below zero.</summary>
    public bool IsNotNegative { get; init; }
}
