using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Fleet.Cli.Output;

namespace Fleet.Cli.Connection;

/// <summary>Starts and signals <c>fleetd</c>.</summary>
internal static class Daemon
{
    private const int Terminate = 15;
    private const int Kill = 9;

    /// <summary>In the build's output tree, beside the CLI where both are installed, or where FLEET_DAEMON says.</summary>
    public static string Find()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("FLEET_DAEMON"),
            Path.Combine(AppContext.BaseDirectory, "fleetd.dll"),
            Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Fleet", "release", "fleetd.dll")),
        ];
        return places.FirstOrDefault(place => !string.IsNullOrEmpty(place) && File.Exists(place))
            ?? throw new CommandException("fleetd.dll is not beside the CLI. Build it with `dotnet build src/Fleet -c Release`, or name it in FLEET_DAEMON.");
    }

    /// <summary>Starts it in a session of its own, with its output in the log: it must survive this terminal.</summary>
    /// <returns>Its process id.</returns>
    public static int StartDetached(FleetFolder folder, IReadOnlyList<string> arguments)
    {
        var log = folder.Log;
        try
        {
            // Private from its first moment: keys will lie in it.
            Directory.CreateDirectory(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            // On a full disk fleetd could not even say so in its log.
            var probe = Path.Combine(folder.Path, ".writable-by-cli");
            File.WriteAllBytes(probe, new byte[4096]);
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The data folder {folder.Path} cannot be used: {error.Message} Name another one with --data.");
        }

        var shell = new ProcessStartInfo("sh", ["-c", "log=$1; shift; setsid \"$@\" >>\"$log\" 2>&1 </dev/null & echo $!", "sh", log, Dotnet, .. WithDaemon(arguments)])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(shell)!;
        // setsid takes the place of the background job's process, and dotnet that of setsid: one id for all.
        var id = int.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        process.WaitForExit();
        return id;
    }

    /// <summary>Runs it with this terminal until it ends.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(Dotnet, WithDaemon(arguments)))!;
        await using var stop = ct.Register(() => Signal(process.Id, Terminate));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    /// <summary>Asks it to stop, waits, and kills it when it does not. True when it had to be killed.</summary>
    public static async Task<bool> StopAsync(int pid, TimeSpan patience, CancellationToken ct)
    {
        Signal(pid, Terminate);
        if (await GoneAsync(pid, patience, ct))
            return false;
        Signal(pid, Kill);
        await GoneAsync(pid, TimeSpan.FromSeconds(5), ct);
        return true;
    }

    private static async Task<bool> GoneAsync(int pid, TimeSpan patience, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < patience)
        {
            if (!Directory.Exists($"/proc/{pid}"))
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }

        return false;
    }

    /// <summary>The runtime that this process runs in, when it was started as <c>dotnet fleet.dll</c>; else the one on PATH.</summary>
    private static string Dotnet => Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    private static IReadOnlyList<string> WithDaemon(IReadOnlyList<string> arguments) => [Find(), .. arguments];

    private static void Signal(int pid, int signal) => _ = SendSignal(pid, signal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
