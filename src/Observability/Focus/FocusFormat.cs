namespace Fleet.Observability.Focus;

/// <summary>How rows are written.</summary>
internal enum FocusFormat
{
    Csv,
    JsonLines,
}
