namespace Fleet.Control.Templates;

/// <summary>A template whose chart cannot be found for a reason that is in objects of the management cluster. The message is for its author.</summary>
public sealed class TemplateChartException(string message, bool mayAppear) : Exception(message)
{
    /// <summary>Something is missing that may still be created; otherwise the spec itself is wrong.</summary>
    public bool MayAppear { get; } = mayAppear;
}
