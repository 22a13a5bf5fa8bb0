namespace Fleet.Cost.Focus;

/// <summary>A row of a file.</summary>
/// <param name="Header">Whose columns it has.</param>
/// <param name="Fields">Texts, or null where there is nothing; may be shorter than the header.</param>
public readonly record struct FocusRow(FocusHeader Header, IReadOnlyList<string?> Fields)
{
    /// <summary>Null when there is no such column or nothing in it.</summary>
    public string? this[string column] => Header.PlaceOf(column) is >= 0 and var place && place < Fields.Count ? Fields[place] : null;

    internal decimal? Number(string column) => this[column] is { } text && FocusFormats.TryDecimal(text, out var number) ? number : null;

    internal DateTimeOffset? Time(string column) => this[column] is { } text && FocusFormats.TryTime(text, out var time) ? time : null;
}
