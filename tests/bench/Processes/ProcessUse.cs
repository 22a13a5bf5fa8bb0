using System.Globalization;

namespace Fleet.Bench.Processes;

/// <summary>What a process has used so far, from <c>/proc</c>: CPU in seconds (its own, and that of its children that have ended), memory in MiB.</summary>
internal readonly record struct ProcessUse(double Own, double Children, double Resident, double PeakResident)
{
    private const double TicksPerSecond = 100;
    private const double KibibytesPerMebibyte = 1024;

    public static ProcessUse Of(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var status = File.ReadAllLines($"/proc/{pid}/status");
        return new((Ticks(11) + Ticks(12)) / TicksPerSecond, (Ticks(13) + Ticks(14)) / TicksPerSecond, Memory("VmRSS:"), Memory("VmHWM:"));

        double Ticks(int index) => double.Parse(fields[index], CultureInfo.InvariantCulture);
        double Memory(string name) => double.Parse(
            status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
            CultureInfo.InvariantCulture) / KibibytesPerMebibyte;
    }
}
