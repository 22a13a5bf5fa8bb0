namespace Fleet.Cost.Filters;

/// <summary>A filter that can not be read, and where.</summary>
public sealed class FilterException : Exception
{
    public FilterException(int position, string message)
        : base($"filter, position {position}: {message}") => Position = position;

    public FilterException()
    {
    }

    public FilterException(string message)
        : base(message)
    {
    }

    public FilterException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Of the character, from 0.</summary>
    public int Position { get; }
}
