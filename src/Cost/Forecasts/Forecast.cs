namespace Fleet.Cost.Forecasts;

/// <summary>What a period will have cost at its end: what is spent, and a guess of the rest between two bounds.</summary>
/// <param name="Spent">Of the days that are over.</param>
/// <param name="Expected">Spent and the guess of the rest.</param>
/// <param name="Low">Nine of ten times it is not less, if days stay as they were.</param>
/// <param name="High">Nine of ten times it is not more.</param>
/// <param name="Method">How it was made; a method without enough days gives way to a simpler one.</param>
public sealed record Forecast(double Spent, double Expected, double Low, double High, ForecastMethod Method);
