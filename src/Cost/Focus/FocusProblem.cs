namespace Fleet.Cost.Focus;

/// <summary>What is wrong with a file.</summary>
/// <param name="Row">From 1, without the header; 0 for the file as a whole.</param>
/// <param name="Column">The column.</param>
/// <param name="Message">What is wrong.</param>
public sealed record FocusProblem(int Row, string Column, string Message)
{
    /// <summary>The rule that is broken: <c>BilledCost.NotNull</c>.</summary>
    public string Rule { get; init; } = "";

    /// <summary>Whether FOCUS recommends it only.</summary>
    public bool IsWarning { get; init; }

    public override string ToString() => Row == 0 ? $"{Column}: {Message}" : $"row {Row}, {Column}: {Message}";
}
