namespace Fleet.Observability.Query.Records;

/// <summary>OpenTelemetry's severities: 24 numbers in six ranges.</summary>
internal static class Severity
{
    private static readonly string[] Names = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

    /// <summary>The lowest number of a name.</summary>
    /// <exception cref="TelemetryQueryException">There is no such name.</exception>
    public static short Lowest(string name)
    {
        var index = Array.FindIndex(Names, one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? (short)(index * 4 + 1) : throw new TelemetryQueryException($"severity is one of {string.Join(", ", Names).ToLowerInvariant()}");
    }

    /// <summary>What the sender says; the name of the number where it says nothing.</summary>
    public static string Name(int number, string text) => text.Length > 0 ? text : number is >= 1 and <= 24 ? Names[(number - 1) / 4] : "";
}
