namespace Fleet.Cli;

/// <summary>What scripts may rely on.</summary>
public static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command was understood and could not be done; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The named object does not exist.</summary>
    public const int NotFound = 3;

    /// <summary>No fleet answers: it is not started, or its API server cannot be reached.</summary>
    public const int NotRunning = 4;

    /// <summary>What was waited for did not come in time.</summary>
    public const int TimedOut = 5;

    /// <summary>Of <c>plan --detailed-exitcode</c> alone, as other planning tools have it: there are changes. (A wrong command line is 2, too.)</summary>
    public const int Changes = 2;
}
