using System.Text;

namespace Fleet.Expressions;

/// <summary>Methods of texts.</summary>
internal static class CelStringFunctions
{
    /// <summary>Long for a match, whose time grows with the text only; short for an attack by a pattern with huge repetitions.</summary>
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    public static void Register(CelRegister add)
    {
        add(".startsWith", 2, a => a is [string s, string p] ? s.StartsWith(p, StringComparison.Ordinal) : CelError.NoOverload);
        add(".endsWith", 2, a => a is [string s, string p] ? s.EndsWith(p, StringComparison.Ordinal) : CelError.NoOverload);
        add(".contains", 2, a => a is [string s, string p] ? s.Contains(p, StringComparison.Ordinal) : CelError.NoOverload);
        add(".matches", 2, Matches);
        add("matches", 2, Matches);
        add(".find", 2, a => a is [string s, string p] ? WithPattern(p, r => r.Match(s).Value) : CelError.NoOverload);
        add(".findAll", 2, a => FindAll(a, -1));
        add(".findAll", 3, a => a[2] is long limit ? FindAll(a, limit) : CelError.NoOverload);
        add(".lowerAscii", 1, a => a is [string s] ? Map(s, char.IsAsciiLetterUpper, c => (char)(c + 32)) : CelError.NoOverload);
        add(".upperAscii", 1, a => a is [string s] ? Map(s, char.IsAsciiLetterLower, c => (char)(c - 32)) : CelError.NoOverload);
        add(".trim", 1, a => a is [string s] ? s.Trim() : CelError.NoOverload);
        add(".reverse", 1, a => a is [string s] ? string.Concat(s.EnumerateRunes().Reverse()) : CelError.NoOverload);
        add(".replace", 3, a => a is [string s, string x, string y] ? Replace(s, x, y, -1) : CelError.NoOverload);
        add(".replace", 4, a => a is [string s, string x, string y, long n] ? Replace(s, x, y, n) : CelError.NoOverload);
        add(".split", 2, a => a is [string s, string p] ? Split(s, p, -1) : CelError.NoOverload);
        add(".split", 3, a => a is [string s, string p, long n] ? Split(s, p, n) : CelError.NoOverload);
        add(".join", 1, a => a is [CelList l] ? Join(l, "") : CelError.NoOverload);
        add(".join", 2, a => a is [CelList l, string p] ? Join(l, p) : CelError.NoOverload);
        add(".substring", 2, a => a is [string s, long from] ? Substring(s, from, CelText.Length(s)) : CelError.NoOverload);
        add(".substring", 3, a => a is [string s, long from, long to] ? Substring(s, from, to) : CelError.NoOverload);
        add(".charAt", 2, a => a is [string s, long i] ? (i == CelText.Length(s) ? "" : Substring(s, i, i + 1)) : CelError.NoOverload);
        add("strings.quote", 1, a => a is [string s] ? CelText.Quote(s) : CelError.NoOverload);
        add(".format", 2, a => a is [string s, CelList l] ? CelText.Format(s, l) : CelError.NoOverload);
    }

    /// <summary>Position of a text in a text; shared with the lists' functions of the same name.</summary>
    public static object IndexOf(string text, string part, long from)
    {
        var start = CelText.Index(text, from);
        return start < 0 ? OutOfRange(from) : CelText.Position(text, text.IndexOf(part, start, StringComparison.Ordinal));
    }

    public static object LastIndexOf(string text, string part, long? from)
    {
        if (from is { } at && CelText.Index(text, at) < 0) return OutOfRange(at);
        var end = from is { } limit ? Math.Min(text.Length, CelText.Index(text, limit) + part.Length) : text.Length;
        return CelText.Position(text, text[..end].LastIndexOf(part, StringComparison.Ordinal));
    }

    private static object? Matches(object?[] a) => a is [string s, string p] ? WithPattern(p, r => r.IsMatch(s)) : CelError.NoOverload;

    private static object? FindAll(object?[] a, long limit) => a is not [string s, string p, ..]
        ? CelError.NoOverload
        : WithPattern(p, r => new CelArray([.. r.Matches(s).Take(limit < 0 ? int.MaxValue : (int)Math.Min(limit, int.MaxValue)).Select(m => (object?)m.Value)]));

    private static object? WithPattern(string pattern, Func<System.Text.RegularExpressions.Regex, object?> use) =>
        Re2Pattern.TryCompile(pattern, out var error, LongestMatch) is { } regex ? InTime(regex, use) : new CelError(error!);

    private static object? InTime(System.Text.RegularExpressions.Regex regex, Func<System.Text.RegularExpressions.Regex, object?> use)
    {
        try
        {
            return use(regex);
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return new CelError("the pattern takes too long to match");
        }
    }

    private static string Map(string text, Func<char, bool> which, Func<char, char> to) => string.Create(text.Length, (text, which, to), (span, state) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = state.which(state.text[i]) ? state.to(state.text[i]) : state.text[i];
    });

    private static object Replace(string text, string old, string by, long limit)
    {
        if (limit == 0 || old.Length == 0) return text;
        var result = new StringBuilder();
        var at = 0;
        while (limit-- != 0 && text.IndexOf(old, at, StringComparison.Ordinal) is >= 0 and var found)
        {
            result.Append(text, at, found - at).Append(by);
            if (result.Length > 10_000_000) return new CelError("the result is too long");
            at = found + old.Length;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    private static CelArray Split(string text, string separator, long limit)
    {
        if (limit == 0) return new CelArray([]);
        if (separator.Length == 0) return new CelArray([.. text.EnumerateRunes().Select(r => (object?)r.ToString())]);
        return new CelArray([.. limit < 0 ? text.Split(separator) : text.Split(separator, (int)Math.Min(limit, int.MaxValue))]);
    }

    private static object Join(CelList list, string separator) =>
        list.All(i => i is string) ? string.Join(separator, list.Cast<string>()) : CelError.NoOverload;

    private static object Substring(string text, long from, long to)
    {
        int start = CelText.Index(text, from), end = CelText.Index(text, to);
        if (start < 0) return OutOfRange(from);
        if (end < 0) return OutOfRange(to);
        return start <= end ? text[start..end] : new CelError($"invalid substring range. start: {from}, end: {to}");
    }

    private static CelError OutOfRange(long index) => new($"index out of range: {index}");
}
