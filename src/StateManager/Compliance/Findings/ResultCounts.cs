namespace Fleet.StateManager.Compliance.Findings;

/// <summary>Results by number. What an exception covers is in <see cref="Excepted"/> alone.</summary>
internal readonly record struct ResultCounts(int Pass, int Fail, int Warn, int Error, int Skip, int Excepted)
{
    public ResultCounts Plus(FindingResult result, int number = 1) => result switch
    {
        FindingResult.Pass => this with { Pass = Pass + number },
        FindingResult.Fail => this with { Fail = Fail + number },
        FindingResult.Warn => this with { Warn = Warn + number },
        FindingResult.Error => this with { Error = Error + number },
        FindingResult.Skip => this with { Skip = Skip + number },
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
    };

    public ResultCounts Plus(ResultCounts other) => new(Pass + other.Pass, Fail + other.Fail, Warn + other.Warn, Error + other.Error, Skip + other.Skip, Excepted + other.Excepted);

    /// <summary>One result of those that it holds is covered by an exception.</summary>
    public ResultCounts Except(FindingResult result) => Plus(result, -1) with { Excepted = Excepted + 1 };
}
