namespace Fleet.Expressions;

/// <summary>An expression that does not compile, or (position 0) that failed while it was evaluated. The message is for users.</summary>
public sealed class CelException(string message, int line = 0, int column = 0) : Exception(message)
{
    /// <summary>From 1; 0 for failures of evaluation.</summary>
    public int Line { get; } = line;

    public int Column { get; } = column;
}
