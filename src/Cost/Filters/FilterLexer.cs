namespace Fleet.Cost.Filters;

/// <summary>Cuts a filter into tokens. A text is what stands between two quotation marks; there is no way to write one inside.</summary>
internal static class FilterLexer
{
    // The longest that begins there wins.
    private static readonly string[] Operators = ["!<~:", "!~>:", "<~:", "!~:", "~>:", "!:", "~:", ":"];

    public static IReadOnlyList<FilterToken> Tokens(string filter)
    {
        var tokens = new List<FilterToken>();
        for (var at = 0; at < filter.Length;)
        {
            var token = Next(filter, at, out var length);
            if (token is { } found)
                tokens.Add(found);
            at += length;
        }
        tokens.Add(new(FilterTokenKind.End, "the end", filter.Length));
        return tokens;
    }

    private static FilterToken? Next(string filter, int at, out int length)
    {
        length = 1;
        switch (filter[at])
        {
            case ' ' or '\t' or '\n' or '\r':
                return null;
            case '+':
                return new(FilterTokenKind.And, "+", at);
            case '|':
                return new(FilterTokenKind.Or, "|", at);
            case '(':
                return new(FilterTokenKind.Open, "(", at);
            case ')':
                return new(FilterTokenKind.Close, ")", at);
            case ',':
                return new(FilterTokenKind.Comma, ",", at);
            case '"':
                return Enclosed(filter, at, '"', FilterTokenKind.Text, out length);
            case '[':
                return Enclosed(filter, at, ']', FilterTokenKind.Key, out length);
        }
        foreach (var written in Operators)
            if (string.CompareOrdinal(filter, at, written, 0, written.Length) == 0)
            {
                length = written.Length;
                return new(FilterTokenKind.Operator, written, at);
            }
        var end = at;
        while (end < filter.Length && IsOfName(filter[end]))
            end++;
        if (end == at)
            throw new FilterException(at, $"unexpected {Printable(filter[at])}");
        length = end - at;
        return new(FilterTokenKind.Name, filter[at..end], at);
    }

    private static FilterToken Enclosed(string filter, int at, char end, FilterTokenKind kind, out int length)
    {
        var close = filter.IndexOf(end, at + 1);
        if (close < 0)
            throw new FilterException(at, $"'{filter[at]}' is never closed by '{end}'");
        length = close + 1 - at;
        return new(kind, filter[(at + 1)..close], at);
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';

    private static string Printable(char letter) => char.IsAscii(letter) && !char.IsControl(letter) ? $"'{letter}'" : $"character U+{(int)letter:X4}; values stand in quotation marks";
}
