using System.Text;

namespace Fleet.Helm.Rendering;

/// <summary>
/// Gives helm's template language the one function that services use beyond it: <c>getResource "id"</c> becomes <c>index $.Resources "id"</c>. Only inside
/// actions; strings and comments stay as they are.
/// </summary>
internal static class ResourceFunction
{
    private const string Name = "getResource";
    private const string Replacement = "index $.Resources";

    public static string Rewrite(string text)
    {
        if (!text.Contains(Name, StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length + 32);
        var position = 0;
        while (position < text.Length)
        {
            var open = text.IndexOf("{{", position, StringComparison.Ordinal);
            if (open < 0) break;
            result.Append(text, position, open + 2 - position);
            position = Action(text, open + 2, result);
        }
        return result.Append(text, position, text.Length - position).ToString();
    }

    // Returns the position after the action's closing braces.
    private static int Action(string text, int position, StringBuilder result)
    {
        while (position < text.Length)
        {
            if (At(text, position, "}}"))
            {
                result.Append("}}");
                return position + 2;
            }
            var end = text[position] switch
            {
                '"' => Quoted(text, position, '"'),
                '\'' => Quoted(text, position, '\''),
                '`' => After(text, position + 1, "`"),
                '/' when At(text, position, "/*") => After(text, position + 2, "*/"),
                _ => position,
            };
            if (end > position)
            {
                result.Append(text, position, end - position);
                position = end;
            }
            else if (At(text, position, Name) && !IsWord(text, position - 1) && !IsWord(text, position + Name.Length))
            {
                result.Append(Replacement);
                position += Name.Length;
            }
            else
            {
                result.Append(text[position++]);
            }
        }
        return position;
    }

    private static int Quoted(string text, int open, char quote)
    {
        var i = open + 1;
        while (i < text.Length && text[i] != quote) i += text[i] == '\\' ? 2 : 1;
        return Math.Min(i + 1, text.Length);
    }

    private static int After(string text, int from, string end)
    {
        var found = text.IndexOf(end, Math.Min(from, text.Length), StringComparison.Ordinal);
        return found < 0 ? text.Length : found + end.Length;
    }

    private static bool At(string text, int position, string what) => string.CompareOrdinal(text, position, what, 0, what.Length) == 0;

    // A field (.getResource) and a variable ($getResource) are not the function.
    private static bool IsWord(string text, int position) =>
        position >= 0 && position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] is '_' or '.' or '$');
}
