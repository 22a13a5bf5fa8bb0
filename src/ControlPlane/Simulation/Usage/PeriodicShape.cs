namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>A level that repeats itself, in straight pieces, so that its integral is exact and costs the same for a second as for a year. Immutable.</summary>
internal sealed class PeriodicShape
{
    private readonly double[] at;
    private readonly double[] level;
    private readonly double[] area;

    /// <param name="period">In seconds.</param>
    /// <param name="points">Corners, by second of the period; the first is at 0 and holds at the end too.</param>
    public PeriodicShape(double period, params (double At, double Level)[] points)
    {
        Period = period;
        at = [.. points.Select(p => p.At), period];
        level = [.. points.Select(p => p.Level), points[0].Level];
        area = new double[at.Length];
        for (var i = 1; i < at.Length; i++)
            area[i] = area[i - 1] + (at[i] - at[i - 1]) * (level[i] + level[i - 1]) / 2;
        Mean = area[^1] / period;
        Least = level.Min();
        Most = level.Max();
    }

    public double Period { get; }

    public double Mean { get; }

    public double Least { get; }

    public double Most { get; }

    /// <summary>Of the same form around 1, but going only so far from it.</summary>
    public PeriodicShape Damped(double swing)
    {
        var far = Math.Max(Most - Mean, Mean - Least);
        return new(Period, [.. at.SkipLast(1).Select((second, i) => (second, far > 0 ? 1 + swing * (level[i] - Mean) / far : 1))]);
    }

    public double Level(double second)
    {
        var (_, into) = Split(second);
        var i = Piece(into);
        return LevelIn(i, into);
    }

    /// <summary>Of the level, from second 0.</summary>
    public double Integral(double second)
    {
        var (turns, into) = Split(second);
        var i = Piece(into);
        return turns * area[^1] + area[i] + (into - at[i]) * (level[i] + LevelIn(i, into)) / 2;
    }

    private double LevelIn(int piece, double into) =>
        level[piece] + (level[piece + 1] - level[piece]) * (into - at[piece]) / (at[piece + 1] - at[piece]);

    private (double Turns, double Into) Split(double second)
    {
        var turns = Math.Floor(second / Period);
        return (turns, Math.Clamp(second - turns * Period, 0, Period));
    }

    private int Piece(double into)
    {
        var i = at.Length - 2;
        while (i > 0 && at[i] > into)
            i--;
        return i;
    }
}
