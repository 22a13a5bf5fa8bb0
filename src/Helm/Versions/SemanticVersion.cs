using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Helm.Versions;

/// <summary>A version as helm accepts it: a leading v and missing minor or patch are allowed. Compared as semver 2 says; build metadata does not count.</summary>
public sealed partial record SemanticVersion : IComparable<SemanticVersion>
{
    private SemanticVersion(string original, ulong major, ulong minor, ulong patch, string preRelease)
    {
        Original = original;
        Major = major;
        Minor = minor;
        Patch = patch;
        PreRelease = preRelease;
    }

    /// <summary>As it was written.</summary>
    public string Original { get; }
    public ulong Major { get; }
    public ulong Minor { get; }
    public ulong Patch { get; }

    /// <summary>Without the dash; empty for a release.</summary>
    public string PreRelease { get; }

    public bool IsPreRelease => PreRelease.Length > 0;

    public static SemanticVersion Of(ulong major, ulong minor, ulong patch) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}"), major, minor, patch, "");

    public static SemanticVersion? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success) return null;
        return Part(match, 1) is { } major && Part(match, 2) is { } minor && Part(match, 3) is { } patch
            ? new SemanticVersion(text, major, minor, patch, match.Groups[4].Value)
            : null;
    }

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null) return 1;
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0) return order;
        if (!IsPreRelease || !other.IsPreRelease) return other.IsPreRelease.CompareTo(IsPreRelease);
        return ComparePreRelease(PreRelease.Split('.'), other.PreRelease.Split('.'));
    }

    public bool Equals(SemanticVersion? other) => other is not null && CompareTo(other) == 0;

    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, PreRelease);

    public override string ToString() => Original;

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    private static int ComparePreRelease(string[] left, string[] right)
    {
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var leftNumber = ulong.TryParse(left[i], NumberStyles.None, CultureInfo.InvariantCulture, out var a);
            var rightNumber = ulong.TryParse(right[i], NumberStyles.None, CultureInfo.InvariantCulture, out var b);
            var order = (leftNumber, rightNumber) switch
            {
                (true, true) => a.CompareTo(b),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(left[i], right[i]),
            };
            if (order != 0) return order;
        }
        return left.Length.CompareTo(right.Length);
    }

    private static ulong? Part(Match match, int group)
    {
        if (!match.Groups[group].Success) return 0;
        return ulong.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    [GeneratedRegex(@"^v?(\d{1,19})(?:\.(\d{1,19}))?(?:\.(\d{1,19}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
