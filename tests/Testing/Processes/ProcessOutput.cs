using System.Diagnostics;
using System.Text;

namespace Fleet.Testing.Processes;

/// <summary>What a finished command left: exit code and both streams.</summary>
public sealed record ProcessOutput(string Command, int ExitCode, string Out, string Error)
{
    /// <summary>
    /// Runs a command to its end. After <paramref name="timeout"/> its whole process tree is killed and <see cref="TimeoutException"/>
    /// carries what it had written until then. Environment entries with a null value are removed for the command.
    /// </summary>
    public static async Task<ProcessOutput> RunAsync(
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? input = null,
        string? folder = null,
        TimeSpan? timeout = null,
        CancellationToken ct = default)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(60);
        var command = $"{Path.GetFileName(file)} {string.Join(' ', arguments)}";
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start");
        var written = new StringBuilder();
        var errors = new StringBuilder();
        var reading = Task.WhenAll(CopyAsync(process.StandardOutput, written), CopyAsync(process.StandardError, errors));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        cancel.CancelAfter(limit);
        try
        {
            await WriteInputAsync(process, input);
            await process.WaitForExitAsync(cancel.Token);
            await reading.WaitAsync(cancel.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new TimeoutException($"`{command}` did not end within {limit.TotalSeconds} s.\n{Text(written)}\n{Text(errors)}");
        }

        return new ProcessOutput(command, process.ExitCode, Text(written), Text(errors));
    }

    /// <summary>Throws with both streams when the command failed; else returns itself.</summary>
    public ProcessOutput MustSucceed() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"`{Command}` ended with {ExitCode}.\n{Out}\n{Error}");

    private static async Task WriteInputAsync(Process process, string? input)
    {
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended without reading all of its input; its exit code tells why.
            process.StandardInput.Dispose();
        }
    }

    private static async Task CopyAsync(StreamReader from, StringBuilder to)
    {
        var buffer = new char[4096];
        int count;
        while ((count = await from.ReadAsync(buffer)) > 0)
        {
            lock (to)
            {
                to.Append(buffer, 0, count);
            }
        }
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }
}
