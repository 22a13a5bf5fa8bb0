using System.ComponentModel;
using System.Diagnostics;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Processes;

/// <summary>
/// The only place that starts processes on behalf of a reconcile. At most N run at once; the whole tree of a process is gone when a call returns,
/// whether it ended, timed out or was cancelled.
/// </summary>
internal sealed class ProcessRunner(HelmOptions options, ProcessMetrics metrics, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PipeDrain = TimeSpan.FromSeconds(2);

    private static readonly ActivitySource Spans = new("Fleet.Helm");

    private readonly SemaphoreSlim _places = new(options.MaxProcesses, options.MaxProcesses);

    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken ct)
    {
        using (metrics.Wait())
        {
            await _places.WaitAsync(ct);
        }

        // Its verb only: arguments name files and objects, and are nobody's business elsewhere.
        using var span = Spans.StartActivity($"{Path.GetFileName(request.FileName)} {request.Verb}", ActivityKind.Client);
        var started = time.GetTimestamp();
        var outcome = "error";
        try
        {
            using var running = metrics.Run();
            var result = await StartAndWaitAsync(request, ct);
            span?.SetTag("process.exit.code", result.ExitCode);
            outcome = result.TimedOut ? "timeout" : result.ExitCode == 0 ? "ok" : "failed";
            return result;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            _places.Release();
            span?.SetTag("fleet.outcome", outcome);
            span?.SetStatus(outcome == "ok" ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
            metrics.Ended(request.Verb, outcome, time.GetElapsedTime(started));
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<ProcessResult> StartAndWaitAsync(ProcessRequest request, CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfo(request) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new HelmException(HelmErrorKind.BinaryMissing, $"{request.FileName} cannot be started: {e.Message}", e);
        }

        process.StandardInput.Close();
        var output = BoundedText.ReadAsync(process.StandardOutput.BaseStream, request.MaxOutputBytes);
        var error = BoundedText.ReadAsync(process.StandardError.BaseStream, request.MaxErrorBytes);

        using var limit = new CancellationTokenSource(request.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            timedOut = !ct.IsCancellationRequested;
        }

        await DrainAsync(process, Task.WhenAll(output, error));
        ct.ThrowIfCancellationRequested();
        return new ProcessResult
        {
            ExitCode = process.ExitCode,
            Output = (await output).Text,
            OutputTruncated = (await output).Truncated,
            Error = (await error).Text,
            TimedOut = timedOut,
        };
    }

    private static ProcessStartInfo StartInfo(ProcessRequest request)
    {
        var info = new ProcessStartInfo(request.FileName, request.Arguments)
        {
            WorkingDirectory = request.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment.Clear();
        foreach (var (name, value) in request.Environment) info.Environment[name] = value;
        return info;
    }

    // SIGTERM first: helm then records the release as failed instead of leaving it pending for ever.
    private async Task EndAsync(Process process)
    {
        var tree = ProcessTree.Below(process.Id);
        Signals.Terminate(process.Id);
        using var grace = new CancellationTokenSource(options.EndGrace, time);
        try
        {
            await process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            // Its time is over; the kill below takes what it has started since as well.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        tree.KillSurvivors();
    }

    // A grandchild that inherited the pipes would keep them open after helm has ended.
    private async Task DrainAsync(Process process, Task pipes)
    {
        try
        {
            await pipes.WaitAsync(PipeDrain, time);
        }
        catch (TimeoutException)
        {
            process.StandardOutput.Close();
            process.StandardError.Close();
        }
    }
}
