namespace Fleet.StateManager.Compliance.Findings;

/// <summary>Results in the words of reports, as they are stored and shown.</summary>
internal static class ResultWords
{
    public const string Excepted = "excepted";

    public static string Of(FindingResult result) => result switch
    {
        FindingResult.Pass => "pass",
        FindingResult.Fail => "fail",
        FindingResult.Warn => "warn",
        FindingResult.Error => "error",
        FindingResult.Skip => "skip",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };
}
