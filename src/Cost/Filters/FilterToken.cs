namespace Fleet.Cost.Filters;

internal enum FilterTokenKind
{
    Name,
    Key,
    Text,
    Operator,
    Comma,
    And,
    Or,
    Open,
    Close,
    End,
}

/// <summary>A piece of a filter; of texts and keys without their quotes and brackets.</summary>
internal readonly record struct FilterToken(FilterTokenKind Kind, string Text, int Position);
