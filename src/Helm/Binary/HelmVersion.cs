using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Helm.Binary;

/// <summary>Version of the binary, as <c>helm version --template</c> prints it.</summary>
public readonly partial record struct HelmVersion(int Major, int Minor, int Patch)
{
    /// <summary>Fleet is tested with these; others are refused, because flags and storage differ.</summary>
    public bool IsSupported => Major is 3 or 4;

    public static HelmVersion? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success) return null;
        return new HelmVersion(Number(match, 1), Number(match, 2), Number(match, 3));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"v{Major}.{Minor}.{Patch}");

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^v(\d{1,5})\.(\d{1,5})\.(\d{1,5})", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
