using System.Globalization;

namespace Fleet.Cost.Rightsizing;

/// <summary>Requests as people write them: CPU in steps of 25 millicores, memory in MiB, always up. Pure.</summary>
public static class ReadableAmounts
{
    public const double CpuStep = 0.025;

    public const double MemoryStep = CostUnits.BytesPerMiB;

    // A target that is a step but for the last digits of a double is that step.
    private const double Slack = 1e-6;

    public static double RoundCpu(double cores) => Math.Max(1, Math.Ceiling(cores / CpuStep - Slack)) * CpuStep;

    public static double RoundMemory(double bytes) => Math.Max(1, Math.Ceiling(bytes / MemoryStep - Slack)) * MemoryStep;

    /// <summary><c>250m</c>, <c>2</c>.</summary>
    public static string Cpu(double cores)
    {
        var milli = Math.Round(cores * 1000);
        return milli % 1000 == 0 ? (milli / 1000).ToString("0", CultureInfo.InvariantCulture) : milli.ToString("0", CultureInfo.InvariantCulture) + "m";
    }

    /// <summary><c>381Mi</c>, <c>2Gi</c>.</summary>
    public static string Memory(double bytes)
    {
        var mebi = Math.Round(bytes / CostUnits.BytesPerMiB);
        return mebi % 1024 == 0 && mebi > 0 ? (mebi / 1024).ToString("0", CultureInfo.InvariantCulture) + "Gi" : mebi.ToString("0", CultureInfo.InvariantCulture) + "Mi";
    }
}
