using System.Globalization;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>Figures in sentences.</summary>
internal static class AdviceTexts
{
    public static string Days(TimeSpan time) => time.TotalDays >= 2 ? Number(time.TotalDays) + " days" : Number(time.TotalHours) + " hours";

    public static string Percent(double part) => Number(part * 100) + " %";

    /// <summary>Millicores.</summary>
    public static string Milli(double cores) => (cores * 1000).ToString("0.#", CultureInfo.InvariantCulture) + "m";

    private static string Number(double number) => Math.Round(number).ToString("0", CultureInfo.InvariantCulture);
}
