using System.Text.Json.Nodes;
using Fleet.Host.Data;

namespace Fleet.Host.Start;

/// <summary>
/// Tells the CLI that waits for this process what it is doing: one JSON object a line,
/// <c>{"step":"…","seconds":1.2}</c> for what is done, <c>{"now":"…"}</c> for what has begun, <c>{"error":"…"}</c> for the end of it.
/// The first line names the process and its start, so that nobody takes the words of an earlier one for its own.
/// </summary>
public sealed class StartProgress : IDisposable
{
    private readonly StreamWriter file;
    private readonly TimeProvider clock;

    public StartProgress(DataFolder folder, TimeProvider clock)
    {
        this.clock = clock;
        file = new StreamWriter(new FileStream(folder.ProgressFile, FileMode.Create, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        Write(new() { ["process"] = Environment.ProcessId, ["at"] = clock.GetUtcNow() });
    }

    public async Task<T> StepAsync<T>(string what, Func<Task<T>> work)
    {
        Write(new() { ["now"] = what });
        var began = clock.GetTimestamp();
        var result = await work();
        Write(new() { ["step"] = what, ["seconds"] = Math.Round(clock.GetElapsedTime(began).TotalSeconds, 2) });
        return result;
    }

    public Task StepAsync(string what, Func<Task> work) => StepAsync<bool>(what, async () =>
    {
        await work();
        return true;
    });

    public void Note(string text) => Write(new() { ["note"] = text });

    public void Fail(string message)
    {
        try
        {
            Write(new() { ["error"] = message });
        }
        catch (IOException)
        {
            // The disk may be what failed. The message is on standard error as well, and whoever waits sees the process end.
        }
    }

    public void Ready() => Write(new() { ["ready"] = true });

    public void Dispose() => file.Dispose();

    private void Write(JsonObject line)
    {
        lock (file)
            file.WriteLine(line.ToJsonString());
    }
}
