using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Fleet.Helm.Versions;

/// <summary>
/// A range as helm reads it: <c>^1.2</c>, <c>~1</c>, <c>1.x</c>, <c>*</c>, <c>&gt;=1 &lt;2</c>, <c>1.2 - 1.4</c>, <c>!=1.3.1</c>, parts joined by space or comma,
/// alternatives by <c>||</c>. A pre-release is inside only when a bound of its alternative is a pre-release too.
/// </summary>
public sealed partial class VersionRange
{
    private readonly ImmutableArray<ImmutableArray<Bound>> _alternatives;

    private VersionRange(string text, ImmutableArray<ImmutableArray<Bound>> alternatives)
    {
        Text = text;
        _alternatives = alternatives;
    }

    public string Text { get; }

    /// <summary>Null when the text is not a range.</summary>
    public static VersionRange? TryParse(string text)
    {
        var alternatives = ImmutableArray.CreateBuilder<ImmutableArray<Bound>>();
        foreach (var alternative in (text.Trim().Length == 0 ? "*" : text).Split("||"))
        {
            if (ParseAlternative(alternative) is not { } bounds) return null;
            alternatives.Add(bounds);
        }
        return new VersionRange(text, alternatives.ToImmutable());
    }

    public bool Contains(SemanticVersion version) => _alternatives.Any(bounds =>
        (!version.IsPreRelease || bounds.Any(b => b.Version.IsPreRelease)) && bounds.All(b => b.Holds(version)));

    public override string ToString() => Text;

    private static ImmutableArray<Bound>? ParseAlternative(string text)
    {
        var bounds = ImmutableArray.CreateBuilder<Bound>();
        var rest = Hyphen().Replace(text, ">=$1 <=$2");
        var position = 0;
        foreach (Match match in Part().Matches(rest))
        {
            if (rest[position..match.Index].Any(c => c != ' ' && c != ',')) return null;
            position = match.Index + match.Length;
            if (!AddBounds(bounds, match)) return null;
        }
        return bounds.Count > 0 && rest[position..].All(c => c is ' ' or ',') ? bounds.ToImmutable() : null;
    }

    private static bool AddBounds(ImmutableArray<Bound>.Builder bounds, Match match)
    {
        var sign = match.Groups[1].Value;
        var parts = new[] { match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value };
        // What is left out or a wildcard is "any"; everything behind it too.
        var given = parts.TakeWhile(p => p.Length > 0 && p is not ("x" or "X" or "*")).Count();
        var suffix = given == 3 ? match.Groups[5].Value : "";
        var text = string.Join('.', Enumerable.Range(0, 3).Select(i => i < given ? parts[i] : "0")) + suffix;
        if (SemanticVersion.TryParse(text) is not { } low) return false;
        var next = Next(low, given);

        switch (sign)
        {
            case "" or "=" when given == 3:
                bounds.Add(new Bound(Comparison.Equal, low));
                break;
            case "" or "=" or "~" or "~>":
                AddSpan(bounds, low, Next(low, Math.Min(given, 2)));
                break;
            case "^":
                AddSpan(bounds, low, Caret(low, given));
                break;
            case "!=" when given == 3:
                bounds.Add(new Bound(Comparison.NotEqual, low));
                break;
            case "!=":
                bounds.Add(new Bound(Comparison.Outside, low, next));
                break;
            case ">" when given < 3:
                bounds.Add(new Bound(Comparison.AtLeast, next ?? SemanticVersion.Of(ulong.MaxValue, 0, 0)));
                break;
            case ">":
                bounds.Add(new Bound(Comparison.Above, low));
                break;
            case ">=" or "=>":
                bounds.Add(new Bound(Comparison.AtLeast, low));
                break;
            case "<":
                bounds.Add(new Bound(Comparison.Below, low));
                break;
            case "<=" or "=<" when given == 3:
                bounds.Add(new Bound(Comparison.AtMost, low));
                break;
            default:
                AddSpan(bounds, SemanticVersion.Of(0, 0, 0), next);
                break;
        }
        return true;
    }

    private static void AddSpan(ImmutableArray<Bound>.Builder bounds, SemanticVersion low, SemanticVersion? below)
    {
        bounds.Add(new Bound(Comparison.AtLeast, low));
        if (below is not null) bounds.Add(new Bound(Comparison.Below, below));
    }

    // First version that does not share the given leading parts; null when nothing was given.
    private static SemanticVersion? Next(SemanticVersion version, int given) => given switch
    {
        0 => null,
        1 => SemanticVersion.Of(version.Major + 1, 0, 0),
        2 => SemanticVersion.Of(version.Major, version.Minor + 1, 0),
        _ => SemanticVersion.Of(version.Major, version.Minor, version.Patch + 1),
    };

    // The leftmost part that is not zero must stay.
    private static SemanticVersion? Caret(SemanticVersion version, int given)
    {
        if (given == 0) return null;
        if (version.Major > 0 || given == 1) return Next(version, 1);
        return version.Minor > 0 || given == 2 ? Next(version, 2) : Next(version, 3);
    }

    private enum Comparison { Equal, NotEqual, Outside, Above, AtLeast, Below, AtMost }

    private readonly record struct Bound(Comparison Comparison, SemanticVersion Version, SemanticVersion? Until = null)
    {
        public bool Holds(SemanticVersion version) => Comparison switch
        {
            Comparison.Equal => version.CompareTo(Version) == 0,
            Comparison.NotEqual => version.CompareTo(Version) != 0,
            Comparison.Outside => version < Version || (Until is not null && version >= Until),
            Comparison.Above => version > Version,
            Comparison.AtLeast => version >= Version,
            Comparison.Below => version < Version,
            _ => version <= Version,
        };
    }

    private const string VersionPattern = @"v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?";

    [GeneratedRegex(@"(=|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*" + VersionPattern + @"(?=$|[\s,])", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<=^|[\s,])(v?[\dxX*][^\s,]*)\s+-\s+(v?[\dxX*][^\s,]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Hyphen();
}
