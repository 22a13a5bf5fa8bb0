using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.Sources.Artifacts;

/// <summary>One line of a <c>.sourceignore</c>, which is written as a <c>.gitignore</c> is. Pure.</summary>
internal sealed class IgnorePattern
{
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    private readonly Regex _paths;

    private IgnorePattern(Regex paths, bool includes)
    {
        _paths = paths;
        Includes = includes;
    }

    /// <summary>A line that begins with <c>!</c>: what it matches is kept after all.</summary>
    public bool Includes { get; }

    /// <summary>Null for comments and empty lines.</summary>
    /// <param name="line">The line.</param>
    /// <param name="below">The folder of the file that the line is in; empty for the root.</param>
    public static IgnorePattern? Parse(string line, string below)
    {
        var text = TrimEnd(line);
        if (text.Length == 0 || text.StartsWith('#')) return null;
        var includes = text.StartsWith('!');
        if (includes) text = text[1..];
        if (text.StartsWith('\\')) text = text[1..];
        var onlyFolders = text.EndsWith('/');
        text = text.TrimEnd('/');
        if (text.Length == 0) return null;
        var anchored = text.Contains('/', StringComparison.Ordinal);
        var pattern = new StringBuilder("^");
        if (below.Length > 0) pattern.Append(Regex.Escape(below)).Append('/');
        if (!anchored) pattern.Append("(?:.*/)?");
        Append(pattern, text.TrimStart('/'));
        // What is below a folder that matches, matches too. Only files are asked for, so a folder pattern needs something below it.
        pattern.Append(onlyFolders ? "/.*$" : "(?:/.*)?$");
        return new(new(pattern.ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchLimit), includes);
    }

    public bool Matches(string path) => _paths.IsMatch(path);

    private static void Append(StringBuilder pattern, string glob)
    {
        for (var i = 0; i < glob.Length; i++)
        {
            switch (glob[i])
            {
                case '*' when glob.AsSpan(i).StartsWith("**/") && (i == 0 || glob[i - 1] == '/'):
                    pattern.Append("(?:.*/)?");
                    i += 2;
                    break;
                case '*' when glob.AsSpan(i) is "**" && i > 0 && glob[i - 1] == '/':
                    pattern.Append(".*");
                    i++;
                    break;
                case '*':
                    pattern.Append("[^/]*");
                    break;
                case '?':
                    pattern.Append("[^/]");
                    break;
                case '[' when glob.IndexOf(']', i + 2) is var end and > 0:
                    pattern.Append(Class(glob[(i + 1)..end]));
                    i = end;
                    break;
                case '\\' when i + 1 < glob.Length:
                    pattern.Append(Regex.Escape(glob[++i].ToString()));
                    break;
                default:
                    pattern.Append(Regex.Escape(glob[i].ToString()));
                    break;
            }
        }
    }

    private static string Class(string content)
    {
        var negated = content[0] is '!' or '^';
        var members = (negated ? content[1..] : content).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
        return negated ? $"[^/{members}]" : $"[{members}]";
    }

    // Spaces at the end do not count, unless the last one is escaped.
    private static string TrimEnd(string line)
    {
        var text = line.TrimEnd('\r').TrimEnd(' ');
        return text.EndsWith('\\') && line.Length > text.Length ? text[..^1] + ' ' : text;
    }
}
