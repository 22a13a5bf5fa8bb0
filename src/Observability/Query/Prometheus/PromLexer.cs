using System.Buffers;
using System.Globalization;
using System.Text;

namespace Fleet.Observability.Query.Prometheus;

/// <summary>Cuts PromQL into tokens. Comments and spaces go; every other character must belong to a token that PromQL has.</summary>
internal static class PromLexer
{
    private static readonly SearchValues<char> Mantissa = SearchValues.Create("0123456789.");

    private static readonly string[] Symbols = ["==", "!=", "=~", "!~", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "%", "^", "(", ")", "{", "}", "[", "]", ",", "@", ":"];

    /// <exception cref="PromQueryException">It is no PromQL.</exception>
    public static List<PromToken> Tokens(string query)
    {
        var tokens = new List<PromToken>();
        var inBrackets = false;
        for (var at = 0; at < query.Length;)
        {
            var c = query[at];
            if (c is ' ' or '\t' or '\n' or '\r')
                at++;
            else if (c == '#')
                at = EndOfLine(query, at);
            else if (c is '"' or '\'' or '`')
                tokens.Add(new(PromTokenKind.Text, Text(query, ref at, out var start), start));
            else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < query.Length && char.IsAsciiDigit(query[at + 1])))
                tokens.Add(Number(query, ref at));
            else if (IsWordStart(c) && !(inBrackets && c == ':'))
                tokens.Add(Word(query, ref at));
            else if (Symbols.FirstOrDefault(symbol => string.CompareOrdinal(query, at, symbol, 0, symbol.Length) == 0) is { } found)
            {
                inBrackets = found == "[" || (inBrackets && found != "]");
                tokens.Add(new(PromTokenKind.Symbol, found, at));
                at += found.Length;
            }
            else
                throw new PromQueryException($"character {at + 1} ({Shown(c)}) has no meaning there");
        }
        tokens.Add(new(PromTokenKind.End, "", query.Length));
        return tokens;
    }

    /// <summary>The same text in double quotes, with nothing in it that two parsers could read in two ways.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7f' => quoted.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)),
                _ => quoted.Append(c),
            };
        return quoted.Append('"').ToString();
    }

    private static int EndOfLine(string query, int at)
    {
        var end = query.AsSpan(at).IndexOfAny('\n', '\r');
        return end < 0 ? query.Length : at + end;
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c is '_' or ':';

    private static PromToken Word(string query, ref int at)
    {
        var start = at;
        while (at < query.Length && (char.IsAsciiLetterOrDigit(query[at]) || query[at] is '_' or ':'))
            at++;
        return new(PromTokenKind.Word, query[start..at], start);
    }

    private static PromToken Number(string query, ref int at)
    {
        var start = at;
        while (at < query.Length && (char.IsAsciiLetterOrDigit(query[at]) || query[at] is '.' or '_' || (query[at] is '+' or '-' && IsExponent(query, start, at))))
            at++;
        var text = query[start..at];
        if (PromDuration.TryParse(text, out _))
            return new(PromTokenKind.Duration, text, start);
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isNumber = isHex
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)
            : double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
        return isNumber ? new(PromTokenKind.Number, text, start) : throw new PromQueryException($"character {start + 1}: {new PromToken(PromTokenKind.Number, text, start)} is no number and no duration");
    }

    /// <summary>A sign belongs to a number only right behind its e: <c>1e-3</c>, not <c>1-3</c> and not <c>0x1e-3</c>.</summary>
    private static bool IsExponent(string query, int start, int at) =>
        at > start && query[at - 1] is 'e' or 'E' && query.AsSpan(start, at - 1 - start).IndexOfAnyExcept(Mantissa) < 0;

    private static string Text(string query, ref int at, out int start)
    {
        start = at;
        var quote = query[at++];
        var text = new StringBuilder();
        while (at < query.Length && query[at] != quote)
        {
            var c = query[at++];
            if (c == '\\' && quote != '`')
                text.Append(Escaped(query, ref at));
            else if (c is '\n' or '\r' && quote != '`')
                break;
            else
                text.Append(c);
        }
        if (at >= query.Length || query[at] != quote)
            throw new PromQueryException($"the text that begins at character {start + 1} does not end");
        at++;
        var said = text.ToString();
        return said.Contains('\0', StringComparison.Ordinal) ? throw new PromQueryException($"the text at character {start + 1} holds a zero character") : said;
    }

    /// <summary>Go's escapes. Bytes that are no character by themselves are refused: there is no text of them.</summary>
    private static string Escaped(string query, ref int at)
    {
        var c = at < query.Length ? query[at++] : '\0';
        return c switch
        {
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\v",
            '\\' or '"' or '\'' => c.ToString(),
            'x' => Character(query, ref at, 2, 16, 0x7f),
            'u' => Character(query, ref at, 4, 16, 0x10ffff),
            'U' => Character(query, ref at, 8, 16, 0x10ffff),
            >= '0' and <= '7' => Character(query, ref at, 3, 8, 0x7f, back: 1),
            _ => throw new PromQueryException($"character {at}: no such escape"),
        };
    }

    private static string Character(string query, ref int at, int digits, int numberBase, uint most, int back = 0)
    {
        at -= back;
        uint value = 0;
        for (var i = 0; i < digits; i++, at++)
        {
            var digit = at < query.Length ? Convert(query[at]) : numberBase;
            if (digit >= numberBase)
                throw new PromQueryException($"character {at + 1}: an escape needs {digits} digits");
            value = value * (uint)numberBase + (uint)digit;
        }
        return value <= most && Rune.IsValid(value) ? new Rune(value).ToString() : throw new PromQueryException($"character {at}: an escape that is no character");

        static int Convert(char c) => char.IsAsciiHexDigit(c) ? System.Convert.ToInt32(c.ToString(), 16) : 16;
    }

    private static string Shown(char c) => char.IsAsciiLetterOrDigit(c) || char.IsPunctuation(c) || char.IsSymbol(c) ? c.ToString() : $"U+{(int)c:X4}";
}
