using Fleet.Cost.Focus;

namespace Fleet.Cli.Commands.Costs;

/// <summary>What was found in a file: all is counted, the first are kept.</summary>
internal sealed class FocusFindings(int most)
{
    private readonly List<FocusProblem> shown = [];
    private readonly Dictionary<string, long> byRule = new(StringComparer.Ordinal);

    public long Rows { get; set; }

    public long Errors { get; private set; }

    public long Warnings { get; private set; }

    /// <summary>Why the rest could not be read.</summary>
    public string? Broken { get; set; }

    public IReadOnlyList<FocusProblem> Shown => shown;

    public IReadOnlyDictionary<string, long> ByRule => byRule;

    public void Add(FocusProblem problem)
    {
        if (problem.IsWarning)
            Warnings++;
        else
            Errors++;
        byRule[problem.Rule] = byRule.GetValueOrDefault(problem.Rule) + 1;
        if (shown.Count < most)
            shown.Add(problem);
    }
}
