using System.Runtime.InteropServices;

namespace Fleet.Helm.Processes;

/// <summary>What .NET does not offer: signals to a process, and the CPU time of ended children.</summary>
internal static class Signals
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const int RusageChildren = -1;

    public static void Terminate(int processId) => _ = Send(processId, Sigterm);

    public static void Kill(int processId) => _ = Send(processId, Sigkill);

    /// <summary>User and system time of all children that have ended.</summary>
    public static TimeSpan ChildrenCpuTime()
    {
        // struct rusage begins with two timevals (seconds, microseconds); the kernel writes 144 bytes on 64-bit Linux.
        var usage = new long[32];
        if (GetResourceUsage(RusageChildren, usage) != 0) return TimeSpan.Zero;
        return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int processId, int signal);

    [DllImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetResourceUsage(int who, [Out] long[] usage);
}
