using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fleet.ClusterManager.OrleansProcess;

/// <summary>This program again, as a silo of its own.</summary>
internal sealed class SiloProcess : IDisposable
{
    private readonly Process process;
    private bool isDisposed;

    private SiloProcess(Process process) => (this.process, Id) = (process, process.Id);

    public int Id { get; }

    /// <summary>Nobody has killed it, and it has not ended itself.</summary>
    public bool IsRunning => !isDisposed && !process.HasExited;

    public static async Task<SiloProcess> StartAsync(string database)
    {
        var start = new ProcessStartInfo("setpriv") { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in (string[])["--pdeathsig", "KILL", "--", "dotnet", typeof(SiloProcess).Assembly.Location, "silo", FreePort().ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        start.Environment["FLEET_TEST_DATABASE"] = database;
        var process = await StartForGoodAsync(start);
        var told = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "ready")
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new SiloProcess(process);
            }
            told.Add(line);
        }
        throw new InvalidOperationException($"the silo ended before it was ready:\n{string.Join('\n', told)}");
    }

    /// <summary>As <c>kill -9</c>: nothing of it runs any more.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>It hangs, as a process does whose machine swaps or whose virtual machine is held: SIGSTOP, and SIGCONT.</summary>
    public Task HangAsync() => SignalAsync("-STOP");

    public Task WakeUpAsync() => SignalAsync("-CONT");

    public Task ExitAsync(CancellationToken ct) => process.WaitForExitAsync(ct);

    public void Dispose()
    {
        if (IsRunning)
            Kill();
        isDisposed = true;
        process.Dispose();
    }

    // "Die with the parent" means the thread that started it: one of the pool may end at any time, this one does not.
    private static Task<Process> StartForGoodAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException("the silo did not start"));
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                started.SetException(e);
            }
            Thread.CurrentThread.Join();
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return started.Task;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
