using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Fleet.Backup.Targets;

/// <summary>Name of a backup: that of a Kubernetes object. Files and S3 keys add <see cref="Extension"/>.</summary>
public readonly record struct BackupName
{
    public const string Extension = ".fleetbackup";

    private const int Longest = 200;

    private BackupName(string text) => Text = text;

    public string Text { get; }

    public string FileName => Text + Extension;

    /// <exception cref="FormatException">It is none.</exception>
    public static BackupName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"A backup's name has up to {Longest} lower-case letters, digits, dots and dashes, and begins and ends with a letter or digit, for instance nightly-20261122030000.");

    public static bool TryParse([NotNullWhen(true)] string? text, out BackupName name)
    {
        name = new(text ?? "");
        return text is { Length: > 0 and <= Longest } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]) && !text.Contains("..", StringComparison.Ordinal);
    }

    /// <summary>As upstream names what a schedule makes: <c>NAME-YYYYMMDDhhmmss</c>, in UTC.</summary>
    public static BackupName At(string schedule, DateTimeOffset time) => Parse($"{schedule}-{time.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}");

    /// <summary>Whether a schedule of this name has made it.</summary>
    public bool IsOf(string schedule) => Text.Length == schedule.Length + 15 && Text.StartsWith(schedule + "-", StringComparison.Ordinal) && Text.AsSpan(schedule.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0;

    public override string ToString() => Text;

    internal static bool TryParseFile(string file, out BackupName name)
    {
        name = default;
        return file.EndsWith(Extension, StringComparison.Ordinal) && TryParse(file[..^Extension.Length], out name);
    }
}
