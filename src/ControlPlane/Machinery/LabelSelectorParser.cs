using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Machinery;

/// <summary>Reads the string form of a label selector word by word, so that a mistake is reported as kube-apiserver reports it.</summary>
internal sealed class LabelSelectorParser(string text)
{
    private const string Signs = "=!(),<>";

    private int at;

    public IEnumerable<(string Key, LabelOperator Operator, string[] Values)> Parse()
    {
        while (true)
        {
            yield return Requirement();
            var next = Take();
            if (next.Length == 0) yield break;
            if (next != ",") throw Wrong($"found '{next}', expected: ',' or 'end of string'");
            // A comma may end the selector only in the middle of nothing.
            if (Peek().Length == 0) throw Wrong("found '', expected: identifier after ','");
        }
    }

    private (string Key, LabelOperator Operator, string[] Values) Requirement()
    {
        var word = Take();
        if (word == "!") return (Key(Take()), LabelOperator.Absent, []);
        var key = Key(word);
        switch (Peek())
        {
            case "" or ",": return (key, LabelOperator.Exists, []);
            case "=" or "==": Take(); return (key, LabelOperator.In, [Value()]);
            case "!=": Take(); return (key, LabelOperator.NotIn, [Value()]);
            case ">": Take(); return (key, LabelOperator.Greater, [Number(key)]);
            case "<": Take(); return (key, LabelOperator.Less, [Number(key)]);
            case "in": Take(); return (key, LabelOperator.In, Values());
            case "notin": Take(); return (key, LabelOperator.NotIn, Values());
            case var other: throw Wrong($"found '{other}', expected: in, notin, =, ==, !=, gt, lt");
        }
    }

    private static string Key(string word)
    {
        if (word.Length == 0 || IsSign(word[0])) throw Wrong($"found '{word}', expected: !, identifier, or 'end of string'");
        if (word.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/'))) throw Wrong($"\"{word}\" is not a valid label key");
        return word;
    }

    /// <summary>Nothing is a value too: <c>a=</c> and <c>a=,b</c>.</summary>
    private string Value()
    {
        var word = Peek();
        if (word is "" or ",") return "";
        if (IsSign(word[0])) throw Wrong($"found '{word}', expected: identifier");
        return Take();
    }

    private string Number(string key)
    {
        var value = Value();
        return long.TryParse(value, out _) ? value
            : throw Wrong($"values[0][{key}]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be an integer");
    }

    private string[] Values()
    {
        if (Take() is var open && open != "(") throw Wrong($"found '{open}' expected: '('");
        List<string> values = [];
        while (true)
        {
            var word = Take();
            switch (word)
            {
                case ")": values.Add(""); return [.. values];
                case ",": values.Add(""); continue;
            }
            if (word.Length == 0 || IsSign(word[0])) throw Wrong($"found '{word}', expected: ',', ')' or identifier");
            values.Add(word);
            var next = Take();
            if (next == ")") return [.. values];
            if (next != ",") throw Wrong($"found '{next}', expected: ',' or ')'");
        }
    }

    private string Peek()
    {
        var before = at;
        var word = Take();
        at = before;
        return word;
    }

    /// <summary>Empty at the end.</summary>
    private string Take()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        if (at == text.Length) return "";
        var start = at++;
        if (IsSign(text[start]))
        {
            if (at < text.Length && text[at] == '=' && text[start] is '=' or '!') at++;
            return text[start..at];
        }
        while (at < text.Length && !IsSign(text[at]) && !char.IsWhiteSpace(text[at])) at++;
        return text[start..at];
    }

    private static bool IsSign(char c) => Signs.Contains(c, StringComparison.Ordinal);

    private static KubeApiException Wrong(string what) => ApiErrors.BadRequest($"unable to parse requirement: {what}");
}
