namespace Fleet.Cost.Focus;

/// <summary>How units are written: GB, GB-Hours, GB/Hour, 1000 Tokens, Units/3 Months. Pure.</summary>
internal static class FocusUnits
{
    private static readonly string[] Times = ["Year", "Month", "Day", "Hour", "Minute", "Second"];
    private static readonly string[] Counts = ["Count", "Unit", "Request", "Token", "Connection", "Certificate", "Domain", "Core"];

    /// <summary>Of sizes the case tells bits from bytes, so only these are right.</summary>
    private static readonly string[] Sizes =
        ["b", "Kb", "Mb", "Gb", "Tb", "Pb", "Eb", "Kib", "Mib", "Gib", "Tib", "Pib", "Eib", "B", "KB", "MB", "GB", "TB", "PB", "EB", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    private static readonly string[] Spelled = ["bit", "byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte", "exabyte", "kibibyte", "mebibyte", "gibibyte", "tebibyte", "pebibyte", "exbibyte"];

    private static readonly HashSet<string> Words = new([.. Sizes, .. Times, .. Times.Select(Plural), .. Counts, .. Counts.Select(Plural)], StringComparer.Ordinal);
    private static readonly ILookup<string, string> ByLetters = Words.ToLookup(word => word, StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> SpelledOut = new([.. Spelled, .. Spelled.Select(Plural)], StringComparer.OrdinalIgnoreCase);

    /// <summary>Words that FOCUS does not list are counts of their own; those that it lists are written as it writes them.</summary>
    public static string? ProblemOf(string unit)
    {
        var parts = unit.Split(['-', '/', ' ']);
        if (parts.Any(part => part.Length == 0))
            return "is no unit such as Hours, GB-Hours or GB/Hour";
        foreach (var part in parts.Where(part => !Words.Contains(part)))
        {
            if (SpelledOut.Contains(part))
                return $"spells out a size: {CostQueryException.Quote(part)} is written as in GB";
            if (ByLetters[part].FirstOrDefault() is { } right)
                return $"has {CostQueryException.Quote(part)} for {right}";
        }
        // 1.5 Hours and 1,000 Tokens are none.
        return parts.Any(part => char.IsAsciiDigit(part[0]) && !part.All(char.IsAsciiDigit)) ? "has a quantity that is no whole number" : null;
    }

    private static string Plural(string word) => word + "s";
}
