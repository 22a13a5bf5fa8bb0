namespace Fleet.Cost;

/// <summary>A query that can not be answered as it stands; the message is for whoever asked and holds only what they sent, shortened.</summary>
public sealed class CostQueryException : Exception
{
    private const int QuotedLength = 60;

    public CostQueryException(string message)
        : base(message)
    {
    }

    public CostQueryException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public CostQueryException()
    {
    }

    /// <summary>What was sent, in quotes and short enough for a message.</summary>
    internal static string Quote(string text) => text.Length <= QuotedLength ? $"'{text}'" : $"'{text[..QuotedLength]}…'";
}
