using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.Expressions;

/// <summary>Patterns in RE2's language on .NET's linear-time engine, so that no pattern can hang the server.</summary>
public static class Re2Pattern
{
    private const int MaxLength = 10_000;

    /// <summary>Null when the pattern is not valid; then the error says why. A limit bounds each match.</summary>
    public static Regex? TryCompile(string pattern, out string? error, TimeSpan? limit = null)
    {
        error = null;
        if (pattern.Length > MaxLength)
        {
            error = $"the pattern is longer than {MaxLength} characters";
            return null;
        }
        try
        {
            return new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, limit ?? Regex.InfiniteMatchTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = $"error parsing regexp: {e.Message}";
            return null;
        }
    }

    /// <summary>What differs in .NET: $ is the very end, \d \w \s are ASCII, named groups and POSIX classes are spelled differently.</summary>
    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i = Escape(pattern, i, inClass, text);
            }
            else if (inClass)
            {
                if (c == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':' && pattern.IndexOf(":]", i, StringComparison.Ordinal) is > 0 and var end)
                {
                    text.Append(Posix(pattern[(i + 2)..end]));
                    i = end + 1;
                    continue;
                }
                if (c == '[') text.Append('\\');
                text.Append(c);
                if (c == ']') inClass = false;
            }
            else if (c == '[')
            {
                inClass = true;
                text.Append(c);
                if (i + 1 < pattern.Length && pattern[i + 1] == '^') text.Append(pattern[++i]);
                if (i + 1 < pattern.Length && pattern[i + 1] == ']') text.Append('\\').Append(pattern[++i]);
            }
            else if (c == '$')
            {
                text.Append("\\z");
            }
            else if (c == '(' && pattern.AsSpan(i).StartsWith("(?P<"))
            {
                text.Append("(?<");
                i += 3;
            }
            else
            {
                text.Append(c);
            }
        }
        return text.ToString();
    }

    private static int Escape(string pattern, int at, bool inClass, StringBuilder text)
    {
        var next = pattern[at + 1];
        var set = next switch { 'd' => "0-9", 'w' => "0-9A-Za-z_", 's' => "\\t\\n\\f\\r ", _ => null };
        if (set is not null) text.Append(inClass ? set : $"[{set}]");
        else if (!inClass && next is 'D' or 'W' or 'S')
            text.Append(next switch { 'D' => "[^0-9]", 'W' => "[^0-9A-Za-z_]", _ => "[^\\t\\n\\f\\r ]" });
        else if (next is 'p' or 'P' && at + 2 < pattern.Length && pattern[at + 2] != '{')
        {
            text.Append('\\').Append(next).Append('{').Append(pattern[at + 2]).Append('}');
            return at + 2;
        }
        else text.Append('\\').Append(next);
        return at + 1;
    }

    private static string Posix(string name) => name switch
    {
        "alpha" => "A-Za-z",
        "digit" => "0-9",
        "alnum" => "0-9A-Za-z",
        "upper" => "A-Z",
        "lower" => "a-z",
        "space" => "\\t\\n\\v\\f\\r ",
        "xdigit" => "0-9A-Fa-f",
        "word" => "0-9A-Za-z_",
        "punct" => "!-/:-@\\[-`{-~",
        "blank" => "\\t ",
        _ => throw new ArgumentException($"invalid character class: [:{name}:]"),
    };
}
