using System.Globalization;
using System.Text;

namespace Fleet.Expressions;

internal enum CelTokenKind { End, Ident, Quoted, Literal, Symbol }

internal readonly record struct CelToken(CelTokenKind Kind, string Text, object? Value, int Position);

/// <summary>Cuts an expression into tokens.</summary>
internal sealed class CelLexer(string text)
{
    private static readonly string[] s_symbols =
        ["&&", "||", "==", "!=", "<=", ">=", "?", ":", "<", ">", "+", "-", "*", "/", "%", "!", "(", ")", "[", "]", "{", "}", ".", ","];

    private int _at;

    public CelToken Next()
    {
        SkipBlank();
        if (_at >= text.Length) return new(CelTokenKind.End, "", null, text.Length);
        var start = _at;
        var c = text[_at];
        if (char.IsAsciiDigit(c) || c == '.' && char.IsAsciiDigit(Peek(1))) return Number(start);
        if (c is '"' or '\'') return Text(start, raw: false, bytes: false);
        if (StringPrefix() is { } prefix)
        {
            _at += prefix.Length;
            return Text(start, prefix.Contains('r', StringComparison.OrdinalIgnoreCase), prefix.Contains('b', StringComparison.OrdinalIgnoreCase));
        }
        if (char.IsAsciiLetter(c) || c == '_') return Ident(start);
        if (c == '`') return Quoted(start);
        foreach (var symbol in s_symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0) continue;
            _at += symbol.Length;
            return new(CelTokenKind.Symbol, symbol, null, start);
        }
        throw Error(start, $"Syntax error: token recognition error at: '{c}'");
    }

    public CelException Error(int position, string message)
    {
        int line = 1, lineStart = 0;
        for (var i = 0; i < position && i < text.Length; i++)
        {
            if (text[i] != '\n') continue;
            line++;
            lineStart = i + 1;
        }
        var end = text.IndexOf('\n', lineStart);
        var shown = text[lineStart..(end < 0 ? text.Length : end)];
        var column = position - lineStart + 1;
        return new CelException($"ERROR: <input>:{line}:{column}: {message}\n | {shown}\n | {new string('.', column - 1)}^", line, column);
    }

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void SkipBlank()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\r' or '\n' or '\f') _at++;
            else if (text[_at] == '/' && Peek(1) == '/')
            {
                while (_at < text.Length && text[_at] != '\n') _at++;
            }
            else break;
        }
    }

    private CelToken Ident(int start)
    {
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_')) _at++;
        var name = text[start.._at];
        return name switch
        {
            "true" => new(CelTokenKind.Literal, name, true, start),
            "false" => new(CelTokenKind.Literal, name, false, start),
            "null" => new(CelTokenKind.Literal, name, null, start),
            "in" => new(CelTokenKind.Symbol, name, null, start),
            _ => new(CelTokenKind.Ident, name, null, start),
        };
    }

    private CelToken Quoted(int start)
    {
        _at++;
        while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) is '_' or '.' or '-' or '/' or ' ') _at++;
        if (Peek(0) != '`' || _at == start + 1) throw Error(start, "Syntax error: a quoted name holds letters, digits, spaces and _ . - /");
        return new(CelTokenKind.Quoted, text[(start + 1).._at++], null, start);
    }

    private CelToken Number(int start)
    {
        if (text[_at] == '0' && Peek(1) is 'x' or 'X')
        {
            _at += 2;
            while (char.IsAsciiHexDigit(Peek(0))) _at++;
            if (!ulong.TryParse(text[(start + 2).._at], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)) throw Error(start, "invalid int literal");
            return Integer(start, hex);
        }
        while (char.IsAsciiDigit(Peek(0))) _at++;
        var isDouble = false;
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isDouble = true;
            _at++;
            while (char.IsAsciiDigit(Peek(0))) _at++;
        }
        if (Peek(0) is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2))))
        {
            isDouble = true;
            _at += 2;
            while (char.IsAsciiDigit(Peek(0))) _at++;
        }
        if (isDouble) return new(CelTokenKind.Literal, text[start.._at], double.Parse(text[start.._at], NumberStyles.Float, CultureInfo.InvariantCulture), start);
        if (!ulong.TryParse(text[start.._at], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw Error(start, "invalid int literal");
        return Integer(start, number);
    }

    /// <summary>A literal above the range of int is kept as a <see cref="decimal"/>, so that the parser can take a minus sign into it.</summary>
    private CelToken Integer(int start, ulong number)
    {
        if (Peek(0) is 'u' or 'U')
        {
            _at++;
            return new(CelTokenKind.Literal, text[start.._at], number, start);
        }
        return new(CelTokenKind.Literal, text[start.._at], number <= long.MaxValue ? (object)(long)number : (decimal)number, start);
    }

    private string? StringPrefix()
    {
        for (var length = 1; length <= 2; length++)
            if (Peek(length) is '"' or '\'' && text.AsSpan(_at, length) is "r" or "R" or "b" or "B" or "rb" or "rB" or "Rb" or "RB" or "br" or "bR" or "Br" or "BR")
                return text[_at..(_at + length)];
        return null;
    }

    private CelToken Text(int start, bool raw, bool bytes)
    {
        var quote = text[_at];
        var triple = Peek(1) == quote && Peek(2) == quote;
        var end = new string(quote, triple ? 3 : 1);
        _at += end.Length;
        var value = new StringBuilder();
        var data = new List<byte>();
        while (true)
        {
            if (_at >= text.Length || !triple && text[_at] is '\n' or '\r') throw Error(start, "Syntax error: unterminated string literal");
            if (string.CompareOrdinal(text, _at, end, 0, end.Length) == 0) break;
            if (text[_at] == '\\' && !raw) Escape(value, data, bytes);
            else
            {
                var length = char.IsHighSurrogate(text[_at]) && _at + 1 < text.Length ? 2 : 1;
                Append(text.Substring(_at, length), value, data, bytes);
                _at += length;
            }
        }
        _at += end.Length;
        return new(CelTokenKind.Literal, text[start.._at], bytes ? data.ToArray() : value.ToString(), start);
    }

    private static void Append(string piece, StringBuilder value, List<byte> data, bool bytes)
    {
        if (bytes) data.AddRange(Encoding.UTF8.GetBytes(piece));
        else value.Append(piece);
    }

    private void Escape(StringBuilder value, List<byte> data, bool bytes)
    {
        var start = _at++;
        var c = Peek(0);
        _at++;
        var simple = c switch { 'n' => "\n", 't' => "\t", 'r' => "\r", 'a' => "\a", 'b' => "\b", 'f' => "\f", 'v' => "\v", '\\' or '"' or '\'' or '?' or '`' => c.ToString(), _ => null };
        if (simple is not null)
        {
            Append(simple, value, data, bytes);
            return;
        }
        var code = c switch
        {
            'x' or 'X' => Digits(2, 16, start),
            'u' => Digits(4, 16, start),
            'U' => Digits(8, 16, start),
            >= '0' and <= '3' => Octal(start),
            _ => throw Error(start, "Syntax error: invalid escape sequence"),
        };
        if (bytes && c is not ('u' or 'U')) data.Add((byte)code);
        else if (Rune.IsValid(code)) Append(new Rune(code).ToString(), value, data, bytes);
        else throw Error(start, "Syntax error: invalid unicode code point");
    }

    private int Octal(int start)
    {
        _at--;
        return Digits(3, 8, start);
    }

    private int Digits(int count, int radix, int start)
    {
        var number = 0L;
        for (var i = 0; i < count; i++)
        {
            var digit = char.IsAsciiHexDigit(Peek(0)) ? Convert.ToInt32(Peek(0).ToString(), 16) : radix;
            if (digit >= radix) throw Error(start, "Syntax error: invalid escape sequence");
            number = number * radix + digit;
            _at++;
        }
        return number > 0x10FFFF ? -1 : (int)number;
    }
}
