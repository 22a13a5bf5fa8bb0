using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Fleet.Testing.Processes;

/// <summary>
/// A server that runs beside a test, with its output in a log file. It dies with this object, and with the test process even when that is killed.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // The kernel's "signal at the parent's death" means the parent's thread: servers are started from one thread that lives as long as the process.
    private static readonly BlockingCollection<Action> Starts = StartThread();

    private readonly Process _process;
    private readonly FileStream _log;
    private readonly Task _copying;

    private ServerProcess(string name, Process process, string logPath)
    {
        Name = name;
        LogPath = logPath;
        _process = process;
        _log = new FileStream(logPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        _copying = Task.WhenAll(CopyAsync(process.StandardOutput.BaseStream), CopyAsync(process.StandardError.BaseStream));
    }

    public string Name { get; }

    public string LogPath { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Whether it has exited and all that it wrote is in its log.</summary>
    public bool HasEnded => _process.HasExited && _copying.IsCompleted;

    /// <summary>Starts a server. As root with <paramref name="user"/> set, it runs as that user.</summary>
    public static async Task<ServerProcess> StartAsync(
        string name,
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? user = null,
        string? folder = null)
    {
        List<string> all = ["--pdeathsig", "KILL"];
        if (user is not null && Environment.IsPrivilegedProcess)
        {
            all.AddRange(["--reuid", user, "--regid", user, "--clear-groups"]);
        }

        var start = new ProcessStartInfo("setpriv", [.. all, "--", file, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[key] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start"));
            }
            catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                started.SetException(failure);
            }
        });
        return new ServerProcess(name, await started.Task, TestLogs.NewFile(name));
    }

    /// <summary>Asks until it is ready. An exit of the server or the time-out is an error with the end of its log.</summary>
    public async Task WaitUntilAsync(Func<CancellationToken, Task<bool>> isReady, TimeSpan timeout)
    {
        using var cancel = new CancellationTokenSource(timeout);
        while (true)
        {
            if (_process.HasExited)
            {
                await _copying;
                throw new InvalidOperationException($"{Name} ended with {_process.ExitCode} while it was starting.\n{LogEnd()}");
            }

            try
            {
                if (await isReady(cancel.Token))
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, cancel.Token);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                throw new TimeoutException($"{Name} was not ready after {timeout.TotalSeconds} s.\n{LogEnd()}");
            }
            catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or TaskCanceledException)
            {
                // Not listening yet, or so busy that one request took too long.
                await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>Kills it at once, as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _copying;
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private static BlockingCollection<Action> StartThread()
    {
        var starts = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "server starts" }.Start();
        return starts;
    }

    private async Task CopyAsync(Stream from)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer)) > 0)
        {
            lock (_log)
            {
                _log.Write(buffer, 0, count);
                _log.Flush();
            }
        }
    }

    private string LogEnd()
    {
        using var reader = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join('\n', reader.ReadToEnd().Split('\n').TakeLast(30));
    }
}
