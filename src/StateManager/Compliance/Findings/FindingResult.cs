namespace Fleet.StateManager.Compliance.Findings;

/// <summary>What a policy found, in the words of PolicyReport.</summary>
internal enum FindingResult
{
    Pass,
    Fail,
    Warn,
    Error,
    Skip,
}
