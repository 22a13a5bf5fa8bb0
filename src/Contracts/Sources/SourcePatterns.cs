namespace Fleet.Contracts.Sources;

/// <summary>Forms of values that several kinds of sources have.</summary>
public static class SourcePatterns
{
    public const string Interval = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

    public const string Timeout = "^([0-9]+(\\.[0-9]+)?(ms|s|m))+$";
}
